-- What a rule says of several events has no bytes of its own (`length = 0`) and is rare: where there is none, nothing is read.
ALTER TABLE dcvlens.events ADD INDEX IF NOT EXISTS by_length length TYPE minmax GRANULARITY 1;
ALTER TABLE dcvlens.events MATERIALIZE INDEX by_length;
