-- What hosts and shared machines wrote lies between each other, by time, as no path names a desktop: here it is sorted by who wrote
-- it. By weeks, not by time: a bound of time leaves weeks out, and what a host wrote in one of them lies together.
ALTER TABLE dcvlens.events ADD PROJECTION IF NOT EXISTS by_machine
(
    SELECT * ORDER BY source, toMonday(ts), host
);
ALTER TABLE dcvlens.events MATERIALIZE PROJECTION by_machine;
-- Files that have events.
ALTER TABLE dcvlens.events ADD PROJECTION IF NOT EXISTS places
(
    SELECT profile, cluster, owner, session, session_uuid, host, source, file, file_id, count()
    GROUP BY profile, cluster, owner, session, session_uuid, host, source, file, file_id
);
ALTER TABLE dcvlens.events MATERIALIZE PROJECTION places;
