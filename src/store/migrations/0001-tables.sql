-- All tables, as they were before the first release. What later steps added then is in here, so their numbers are missing.

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
    INDEX by_time ts TYPE minmax GRANULARITY 1,
    -- What each file holds: lists of desktops and the ledger read this instead of every line. A projection lives in the part of
    -- its rows, so that it cannot disagree with them.
    PROJECTION files
    (
        SELECT
            cluster, owner, session, session_uuid, host, profile, source, file, file_id, generation,
            count(), sum(length), min(ts), max(ts)
        GROUP BY cluster, owner, session, session_uuid, host, profile, source, file, file_id, generation
    )
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
    -- A copy of a line that another file holds, too, is stored and not counted: the projections tell them apart.
    counted UInt8 DEFAULT duplicate_of = '',
    INDEX by_batch batch TYPE minmax GRANULARITY 1,
    INDEX by_time ts TYPE minmax GRANULARITY 1,
    -- An event is found by its id without its time.
    INDEX by_id event_id TYPE bloom_filter(0.01) GRANULARITY 1,
    -- The logs of hosts lie between each other, by time.
    INDEX by_host host TYPE bloom_filter(0.01) GRANULARITY 1,
    -- What a rule says of several events has no bytes of its own (`length = 0`) and is rare: where there is none, nothing is read.
    INDEX by_length length TYPE minmax GRANULARITY 1,
    -- Failures by signature, as the list of signatures asks for them.
    PROJECTION seen
    (
        SELECT
            kind, rule_id, template_id, counted, source, profile,
            max(template_id != ''), argMax(severity, indexOf(['info', 'warning', 'error', 'critical'], severity)),
            min(ts), max(ts), count(), uniqExactIf((owner, session), session != ''), uniqExactIf(host, host != ''),
            groupUniqArrayIf(500)(concat(owner, '/', session), session != ''), groupUniqArray(profile),
            groupArraySample(5, 1)((ts, substringUTF8(message, 1, 4000))), argMax(source, ts), argMax(level, ts)
        GROUP BY kind, rule_id, template_id, counted, source, profile
    ),
    -- What each attempt has come to.
    PROJECTION attempts
    (
        SELECT
            cluster, owner, session, host, session_uuid, counted,
            count(), countIf(kind != 'milestone' AND severity IN ('error', 'critical')), argMaxIf(phase, ts, phase != ''),
            argMaxIf(rule_id, ts, kind != 'milestone' AND severity IN ('error', 'critical'))
        GROUP BY cluster, owner, session, host, session_uuid, counted
    ),
    -- Failures over time: desktops and hosts are counted in the projection, so that it has few rows.
    PROJECTION trend_minutes
    (
        SELECT
            toStartOfFiveMinutes(ts), kind, rule_id, severity, counted,
            count(), uniqExactIf((owner, session), session != ''), uniqExactIf(host, host != '')
        GROUP BY toStartOfFiveMinutes(ts), kind, rule_id, severity, counted
    ),
    PROJECTION trend_hours
    (
        SELECT
            toStartOfHour(ts), kind, rule_id, severity, counted,
            count(), uniqExactIf((owner, session), session != ''), uniqExactIf(host, host != '')
        GROUP BY toStartOfHour(ts), kind, rule_id, severity, counted
    ),
    -- For trends over months: of a year there are as many rows as of two weeks by hour.
    PROJECTION trend_days
    (
        SELECT
            toStartOfDay(ts), kind, rule_id, severity, counted,
            count(), uniqExactIf((owner, session), session != ''), uniqExactIf(host, host != '')
        GROUP BY toStartOfDay(ts), kind, rule_id, severity, counted
    ),
    -- What hosts and shared machines wrote lies between each other, by time, as no path names a desktop: here it is sorted by who
    -- wrote it. By weeks, not by time: a bound of time leaves weeks out, and what a host wrote in one of them lies together.
    PROJECTION by_machine
    (
        SELECT * ORDER BY source, toMonday(ts), host
    ),
    -- Files that have events.
    PROJECTION places
    (
        SELECT profile, cluster, owner, session, session_uuid, host, source, file, file_id, count()
        GROUP BY profile, cluster, owner, session, session_uuid, host, source, file, file_id
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
