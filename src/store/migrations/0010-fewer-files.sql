-- A batch of a backlog is one file for each table and projection instead of two for each of their columns: writing and
-- syncing hundreds of files took about two fifths of the time of an insert of events. Parts become wide when merges make them larger.
ALTER TABLE dcvlens.lines MODIFY SETTING min_bytes_for_wide_part = 67108864;
ALTER TABLE dcvlens.events MODIFY SETTING min_bytes_for_wide_part = 67108864;
