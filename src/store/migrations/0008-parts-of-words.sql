-- Search leaves out lines that cannot hold the text: of each 8192 lines, the runs of four characters that occur in them. The index
-- is made when parts are merged. Lines stored before are searched as before until then, since reading all of them again would take
-- long.
ALTER TABLE dcvlens.lines ADD INDEX IF NOT EXISTS by_text lowerUTF8(message) TYPE ngrambf_v1(4, 32768, 2, 0) GRANULARITY 1;
