-- What each file holds: lists of desktops and the ledger read this instead of every line. A projection lives in the part of
-- its rows, so that it cannot disagree with them.
ALTER TABLE dcvlens.lines ADD PROJECTION IF NOT EXISTS files
(
    SELECT
        cluster, owner, session, session_uuid, host, profile, source, file, file_id, generation,
        count(), sum(length), min(ts), max(ts)
    GROUP BY cluster, owner, session, session_uuid, host, profile, source, file, file_id, generation
);
ALTER TABLE dcvlens.lines MATERIALIZE PROJECTION files;
-- Failures by signature, as the list of signatures asks for them.
ALTER TABLE dcvlens.events ADD PROJECTION IF NOT EXISTS seen
(
    SELECT
        kind, rule_id, template_id, counted, source, profile,
        max(template_id != ''), argMax(severity, indexOf(['info', 'warning', 'error', 'critical'], severity)),
        min(ts), max(ts), count(), uniqExactIf((owner, session), session != ''), uniqExactIf(host, host != ''),
        groupUniqArrayIf(500)(concat(owner, '/', session), session != ''), groupUniqArray(profile),
        groupArraySample(5, 1)((ts, substringUTF8(message, 1, 4000))), argMax(source, ts), argMax(level, ts)
    GROUP BY kind, rule_id, template_id, counted, source, profile
);
ALTER TABLE dcvlens.events MATERIALIZE PROJECTION seen;
-- What each attempt has come to.
ALTER TABLE dcvlens.events ADD PROJECTION IF NOT EXISTS attempts
(
    SELECT
        cluster, owner, session, host, session_uuid, counted,
        count(), countIf(kind != 'milestone' AND severity IN ('error', 'critical')), argMaxIf(phase, ts, phase != ''),
        argMaxIf(rule_id, ts, kind != 'milestone' AND severity IN ('error', 'critical'))
    GROUP BY cluster, owner, session, host, session_uuid, counted
);
ALTER TABLE dcvlens.events MATERIALIZE PROJECTION attempts;
-- Failures over time: desktops and hosts are counted in the projection, so that it has few rows.
ALTER TABLE dcvlens.events DROP PROJECTION IF EXISTS trend;
ALTER TABLE dcvlens.events ADD PROJECTION IF NOT EXISTS trend_minutes
(
    SELECT
        toStartOfFiveMinutes(ts), kind, rule_id, severity, counted,
        count(), uniqExactIf((owner, session), session != ''), uniqExactIf(host, host != '')
    GROUP BY toStartOfFiveMinutes(ts), kind, rule_id, severity, counted
);
ALTER TABLE dcvlens.events MATERIALIZE PROJECTION trend_minutes;
ALTER TABLE dcvlens.events ADD PROJECTION IF NOT EXISTS trend_hours
(
    SELECT
        toStartOfHour(ts), kind, rule_id, severity, counted,
        count(), uniqExactIf((owner, session), session != ''), uniqExactIf(host, host != '')
    GROUP BY toStartOfHour(ts), kind, rule_id, severity, counted
);
ALTER TABLE dcvlens.events MATERIALIZE PROJECTION trend_hours;
-- An event is found by its id without its time.
ALTER TABLE dcvlens.events ADD INDEX IF NOT EXISTS by_id event_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE dcvlens.events MATERIALIZE INDEX by_id;
-- The logs of hosts lie between each other, by time.
ALTER TABLE dcvlens.events ADD INDEX IF NOT EXISTS by_host host TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE dcvlens.events MATERIALIZE INDEX by_host;
