-- What was decided about a signature (a rule or a template), by whom and when. Rows are only added; the newest version counts.
CREATE TABLE IF NOT EXISTS dcvlens.signature_states
(
    id String,
    version UInt32,
    at DateTime64(3, 'UTC'),
    state LowCardinality(String),
    escalating UInt8,
    action LowCardinality(String),
    author String,
    until DateTime64(3, 'UTC'),
    below UInt64,
    count UInt64,
    note String
)
ENGINE = MergeTree
ORDER BY (id, version)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
