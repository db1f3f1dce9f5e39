-- What a step does to its workers, one event id in two projects, and lists that are long.

-- How many holders ended, one after the other, without giving the lease back.
alter table lease add column lost integer not null default 0;
-- Whether the holder has begun: one that waits for its turn is lost without being the reason.
alter table lease add column working boolean not null default true;

-- Ids of events are their senders': another project may have had the same one.
alter table applied_event drop constraint applied_event_pkey;
alter table applied_event add primary key (project_id, event_id);
-- The primary key is for the erasure of a project, too.
drop index applied_event_project;

-- the review inbox over all gates, oldest first
create index waiting_artifact_since on waiting_artifact (since);
-- a site's list, whatever its status
create index video_project_site_newest on video_project (site_id, updated_at desc);
-- all projects, newest first
create index video_project_newest on video_project (updated_at desc);
-- open letters of a stage
create index dead_letter_stage on dead_letter (stage, last_at desc) where state = 'open';
