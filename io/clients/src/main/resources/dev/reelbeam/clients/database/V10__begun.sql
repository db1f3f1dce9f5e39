-- A job knows which projects it has in hand, every accepted delivery is in a state from the beginning,
-- and the newest decision about an artifact holds.

alter table video_project
  -- Who sent it into a running job last, and as its how-manieth; null before anybody has.
  add column begun_by text,
  add column begun_number bigint not null default 0;

alter table decision
  add column epoch bigint not null default 0;

-- Written once when a record is taken in, and never changed: what the states of the table delivery are
-- counted against.
create table accepted_delivery (
  project_id  bigint not null references video_project on delete cascade,
  revision    integer not null,
  preset      text not null,
  accepted_at timestamptz not null default now(),
  primary key (project_id, revision, preset)
);

insert into delivery (project_id, revision, preset, epoch, state)
  select p.id, p.revision, preset, p.epoch,
    case when p.status in ('skipped', 'cancelled', 'rejected') then p.status else 'in_progress' end
  from video_project p, unnest(p.target_platforms) preset
  on conflict do nothing;

insert into accepted_delivery (project_id, revision, preset)
  select project_id, revision, preset from delivery;
