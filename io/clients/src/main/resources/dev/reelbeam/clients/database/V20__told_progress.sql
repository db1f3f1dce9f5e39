-- What whoever listens has heard of a project: the version of its row that was told last. Workers
-- take turns in telling and tell what stands, so what is heard never falls, whoever was slow.

alter table project_progress add column version bigint not null default 0;
alter table project_progress add column told bigint not null default 0;

-- what is to be told
create index project_progress_untold on project_progress (at) where version > told;
