-- What was written of one event: asked for each event that is heard, however long a project's
-- history is.
create index audit_log_event on audit_log (project, event_id, id);

-- decisions whose artifacts had not come; few, in a log that only grows
create index audit_log_early on audit_log (project, event_id) where decision = 'early';
