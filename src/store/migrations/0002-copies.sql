-- A copy of a line that another file holds, too, is stored and not counted: the projection tells them apart.
ALTER TABLE dcvlens.events ADD COLUMN IF NOT EXISTS counted UInt8 DEFAULT duplicate_of = '';
ALTER TABLE dcvlens.events DROP PROJECTION IF EXISTS trend;
ALTER TABLE dcvlens.events ADD PROJECTION IF NOT EXISTS trend
(
    SELECT
        toStartOfFiveMinutes(ts), kind, rule_id, severity, owner, session, host, counted,
        count(), min(ts), max(ts)
    GROUP BY toStartOfFiveMinutes(ts), kind, rule_id, severity, owner, session, host, counted
);
ALTER TABLE dcvlens.events MATERIALIZE PROJECTION trend;
