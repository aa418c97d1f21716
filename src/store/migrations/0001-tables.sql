-- Every line, one row per record. The rows of a (file_id, generation) tile its bytes, together with `losses`.
-- Sorted so that the timeline of one desktop is one range of the primary key.
CREATE TABLE IF NOT EXISTS dcvlens.lines
(
    batch LowCardinality(String),
    ts DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ts_quality Enum8('' = 0, 'parsed' = 1, 'inherited' = 2, 'observed' = 3, 'mtime' = 4),
    ingested_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    profile LowCardinality(String),
    cluster LowCardinality(String),
    owner LowCardinality(String),
    session LowCardinality(String),
    session_uuid LowCardinality(String),
    host LowCardinality(String),
    source LowCardinality(String),
    file LowCardinality(String),
    file_id LowCardinality(String),
    generation UInt32,
    offset UInt64 CODEC(Delta(8), ZSTD(1)),
    length UInt64 CODEC(T64, ZSTD(1)),
    continued UInt8,
    level LowCardinality(String),
    component LowCardinality(String),
    message String CODEC(ZSTD(1)),
    event_id String ALIAS lower(hex(substring(SHA256(concat(file_id, ':', toString(generation), ':', toString(offset))), 1, 16))),
    INDEX by_batch batch TYPE minmax GRANULARITY 1,
    INDEX by_time ts TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(ingested_at)
ORDER BY (owner, session, ts, file_id, offset)
TTL toDateTime(ingested_at) + INTERVAL 30 DAY DELETE
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1;

-- Classified records: signatures, milestones and unexplained failures. One row per (event_id, rule_id), kept long.
CREATE TABLE IF NOT EXISTS dcvlens.events
(
    batch LowCardinality(String),
    event_id String CODEC(ZSTD(1)),
    ts DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ts_quality Enum8('' = 0, 'parsed' = 1, 'inherited' = 2, 'observed' = 3, 'mtime' = 4),
    ingested_at DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    profile LowCardinality(String),
    cluster LowCardinality(String),
    owner LowCardinality(String),
    session LowCardinality(String),
    session_uuid LowCardinality(String),
    host LowCardinality(String),
    source LowCardinality(String),
    file LowCardinality(String),
    file_id LowCardinality(String),
    generation UInt32,
    offset UInt64,
    length UInt64,
    continued UInt8,
    level LowCardinality(String),
    component LowCardinality(String),
    message String CODEC(ZSTD(1)),
    kind LowCardinality(String),
    rule_id LowCardinality(String),
    rule_version UInt32,
    rule_set LowCardinality(String),
    severity LowCardinality(String),
    phase LowCardinality(String),
    layer LowCardinality(String),
    template_id String,
    captures Map(LowCardinality(String), String),
    duplicate_of String,
    INDEX by_batch batch TYPE minmax GRANULARITY 1,
    INDEX by_time ts TYPE minmax GRANULARITY 1,
    PROJECTION trend
    (
        SELECT
            toStartOfFiveMinutes(ts), kind, rule_id, severity, owner, session, host,
            count(), min(ts), max(ts)
        GROUP BY toStartOfFiveMinutes(ts), kind, rule_id, severity, owner, session, host
    )
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ingested_at)
ORDER BY (owner, session, ts, rule_id, event_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The loss ledger: bytes that are in no row (length > 0), or in one that is not whole (length = 0), with the reason.
CREATE TABLE IF NOT EXISTS dcvlens.losses
(
    batch LowCardinality(String),
    ingested_at DateTime64(3, 'UTC'),
    profile LowCardinality(String),
    owner LowCardinality(String),
    session LowCardinality(String),
    host LowCardinality(String),
    source LowCardinality(String),
    file LowCardinality(String),
    file_id LowCardinality(String),
    generation UInt32,
    offset UInt64,
    length UInt64,
    reason LowCardinality(String),
    detail String,
    INDEX by_batch batch TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ingested_at)
ORDER BY (file_id, generation, offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
