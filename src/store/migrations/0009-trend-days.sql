-- Failures by day, for trends over months: of a year there are as many rows as of two weeks by hour.
ALTER TABLE dcvlens.events ADD PROJECTION IF NOT EXISTS trend_days
(
    SELECT
        toStartOfDay(ts), kind, rule_id, severity, counted,
        count(), uniqExactIf((owner, session), session != ''), uniqExactIf(host, host != '')
    GROUP BY toStartOfDay(ts), kind, rule_id, severity, counted
);
ALTER TABLE dcvlens.events MATERIALIZE PROJECTION trend_days;
