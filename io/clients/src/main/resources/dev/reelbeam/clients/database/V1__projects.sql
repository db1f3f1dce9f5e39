-- Projects under way and what came of them. Ids are bigint inside and opaque outside (public_id).
-- Every index names the query that it is for.

create table video_project (
  id               bigint generated always as identity primary key,
  public_id        uuid not null default gen_random_uuid() unique,
  -- One project for all revisions of a content record.
  record_id        text not null unique,
  revision         integer not null,
  content_sha256   text,
  title            text not null,
  type             text,
  target_platforms text[] not null,
  settings         jsonb not null,
  site_id          text,
  sector_id        text,
  user_id          text,
  status           text not null,
  lane             text not null,
  -- 0 high, 1 normal, 2 low
  priority         smallint not null,
  -- Raised by each accepted edit, retry, cancel and newer revision.
  epoch            bigint not null,
  -- ProjectEntry and ProjectEdits, whole.
  entry            jsonb not null,
  edits            jsonb not null,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now()
);
-- "videos of this content"
create index video_project_content on video_project (content_sha256);
-- "everything in review", "newest first"
create index video_project_status on video_project (status, updated_at desc);
-- a site's list, filtered by status
create index video_project_site on video_project (site_id, status, updated_at desc);
-- a user's own list
create index video_project_user on video_project (user_id, updated_at desc);
-- the next drafts of a lane
create index video_project_queue on video_project (lane, priority, id) where status = 'draft';

-- Control events that raised an epoch: each does so once.
create table applied_event (
  event_id   text primary key,
  project_id bigint not null references video_project on delete cascade,
  epoch      bigint not null,
  applied_at timestamptz not null default now()
);
-- erasure of a project
create index applied_event_project on applied_event (project_id);

-- A delivery is a record, a revision, a preset; it is in exactly one state. The identity
-- accepted = completed + in_progress + waiting + skipped + dead + cancelled + rejected + superseded
-- is counted here, by key.
create table delivery (
  project_id bigint not null references video_project on delete cascade,
  revision   integer not null,
  preset     text not null,
  epoch      bigint not null,
  state      text not null check (state in ('in_progress', 'waiting', 'completed', 'skipped',
    'dead', 'cancelled', 'rejected', 'superseded')),
  -- Delivery with its files, when it is completed.
  delivery   jsonb,
  detail     text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (project_id, revision, preset)
);
-- counts by state; "what is stuck": in progress, oldest change first
create index delivery_state on delivery (state, updated_at);

-- What a person sees of a project: newest epoch, never falling within it.
create table project_progress (
  project_id               bigint primary key references video_project on delete cascade,
  revision                 integer not null,
  epoch                    bigint not null,
  status                   text not null,
  current_stage            text not null,
  progress                 smallint not null,
  deliveries               jsonb not null,
  queue_position           integer,
  estimated_time_remaining_s bigint,
  refs                     jsonb not null,
  error                    jsonb,
  at                       timestamptz not null
);
-- "what moved since": the studio's live list
create index project_progress_at on project_progress (at desc);

create table waiting_artifact (
  project_id  bigint not null references video_project on delete cascade,
  gate        text not null,
  variant     text not null,
  revision    integer not null,
  presets     text[] not null,
  artifact    text not null,
  epoch       bigint not null,
  refs        jsonb not null,
  since       timestamptz not null,
  deadline    timestamptz,
  parked      boolean not null,
  primary key (project_id, gate, variant)
);
-- the review inbox: oldest first, by gate
create index waiting_artifact_inbox on waiting_artifact (gate, since);
-- "what is decided next by a deadline"
create index waiting_artifact_deadline on waiting_artifact (deadline) where deadline is not null;

create table decision (
  project_id bigint not null references video_project on delete cascade,
  gate       text not null,
  artifact   text not null,
  approved   boolean not null,
  event_id   text not null,
  who        text not null,
  at         timestamptz not null,
  reason     text,
  primary key (project_id, gate, artifact)
);

create table audit_log (
  id         bigint generated always as identity primary key,
  entry_id   text not null unique,
  -- The record id: events about projects that nobody knows are written down, too.
  project    text not null,
  gate       text,
  event_id   text not null,
  event_type text not null,
  who        text not null,
  at         timestamptz not null,
  version    text,
  epoch      bigint not null,
  decision   text not null,
  reason     text
);
-- a project's history
create index audit_log_project on audit_log (project, id);
-- what somebody did, newest first
create index audit_log_who on audit_log (who, at desc);

create table video_script (
  project_id               bigint not null references video_project on delete cascade,
  variant                  text not null,
  script_text              text not null,
  -- [{text, duration_est, visual_cue, text_overlay}]
  sections                 jsonb not null,
  hook                     text,
  cta                      text,
  chapter_markers          jsonb not null,
  total_estimated_duration integer not null,
  seo_metadata             jsonb not null,
  version                  integer not null,
  epoch                    bigint not null,
  language                 text not null,
  updated_at               timestamptz not null default now(),
  primary key (project_id, variant)
);

create table video_asset (
  id            bigint generated always as identity primary key,
  project_id    bigint not null references video_project on delete cascade,
  asset_type    text not null
    check (asset_type in ('image', 'footage', 'music', 'overlay', 'subtitle')),
  source        text not null check (source in ('article_image', 'ai_generated', 'stock_pexels',
    'stock_pixabay', 'uploaded', 'rendered')),
  file_path     text not null,
  file_url      text,
  duration      integer,
  section_index integer,
  "order"       integer not null default 0,
  licence       text,
  credit        text,
  epoch         bigint not null,
  unique (project_id, asset_type, file_path)
);
-- the pictures of a storyboard, in order
create index video_asset_order on video_asset (project_id, section_index, "order");

create table rendered_video (
  id                  bigint generated always as identity primary key,
  public_id           uuid not null default gen_random_uuid() unique,
  project_id          bigint not null references video_project on delete cascade,
  revision            integer not null,
  preset              text not null,
  variant             text,
  epoch               bigint not null,
  resolution          text,
  duration            integer,
  file_size           bigint,
  -- sha256 of the bytes: the object's name in the store
  file_path           text,
  file_url            text,
  subtitle_file_path  text,
  thumbnail_path      text,
  render_started_at   timestamptz,
  render_completed_at timestamptz,
  status              text not null check (status in ('queued', 'rendering', 'completed', 'failed')),
  progress            smallint not null default 0,
  unique (project_id, revision, preset)
);
-- a project's videos
create index rendered_video_project on rendered_video (project_id);
-- "what renders now", the library of finished videos newest first
create index rendered_video_status on rendered_video (status, render_completed_at desc);

-- Results by the key of their step: what is here is found and not bought again.
create table artifact (
  step_key     text primary key,
  sha256       text not null,
  size_bytes   bigint not null,
  content_type text not null,
  class        text not null default 'intermediate'
    check (class in ('intermediate', 'asset', 'final')),
  site_id      text,
  project_id   bigint,
  cost_micros  bigint not null default 0,
  created_at   timestamptz not null default now(),
  -- Exact to the day: a sweeper asks for weeks.
  last_used_at timestamptz not null default now()
);
-- sweep: old intermediates that no live manifest names
create index artifact_sweep on artifact (class, last_used_at);
-- erasure of a site or a project
create index artifact_site on artifact (site_id) where site_id is not null;
create index artifact_project on artifact (project_id) where project_id is not null;
-- "who uses these bytes", before they are removed
create index artifact_bytes on artifact (sha256);

-- Who may do a step now. Tokens come from one sequence, so they grow for ever and a worker that
-- woke up late can be told from its successor.
create sequence lease_token;
create table lease (
  step_key text primary key,
  owner    text not null,
  token    bigint not null,
  until    timestamptz not null
);
-- removal of leases that ended long ago
create index lease_until on lease (until);

-- Render tickets on their way back to the dispatcher.
create table render_ticket (
  ticket        text primary key,
  given_back_at timestamptz not null default now()
);
create index render_ticket_age on render_ticket (given_back_at);

create table dead_letter (
  id              bigint generated always as identity primary key,
  -- Stable hash of what failed and where: a repeated bundle writes the same row.
  letter_id       text not null unique,
  -- The record's id, or the source position of what could not be parsed.
  record_id       text not null,
  revision        integer not null,
  preset          text,
  stage           text not null,
  code            text not null,
  number          integer not null,
  message         text not null,
  remedy          text not null,
  replayable      boolean not null,
  payload         text not null,
  detail          text,
  state           text not null default 'open' check (state in ('open', 'replayed', 'resolved')),
  attempts        integer not null default 1,
  first_at        timestamptz not null default now(),
  last_at         timestamptz not null default now(),
  settled_at      timestamptz
);
-- the list of open letters, newest first
create index dead_letter_open on dead_letter (state, last_at desc);
-- letters of a record
create index dead_letter_record on dead_letter (record_id, revision);
-- "what goes wrong most": counts by number
create index dead_letter_number on dead_letter (number) where state = 'open';

create table cost_entry (
  id           bigint generated always as identity primary key,
  -- Hash of what was bought for whom: a repeated bundle is charged once.
  entry_key    text not null unique,
  project_id   bigint references video_project on delete cascade,
  site_id      text,
  user_id      text,
  step_key     text,
  kind         text not null,
  provider     text,
  quantity     bigint not null,
  unit         text not null,
  money_micros bigint not null,
  credits      bigint not null,
  -- reserved until the step is done, then reconciled; a found artifact costs nothing.
  state        text not null check (state in ('reserved', 'charged', 'released', 'found')),
  run_id       text,
  expires_at   timestamptz,
  at           timestamptz not null default now()
);
-- a project's bill
create index cost_entry_project on cost_entry (project_id, at);
-- a site's costs of a month
create index cost_entry_site on cost_entry (site_id, at);
-- the costs of a backfill
create index cost_entry_run on cost_entry (run_id) where run_id is not null;
-- reservations that ended with their lease
create index cost_entry_expiry on cost_entry (expires_at) where state = 'reserved';

-- A backfill goes on where it was stopped, and counts by key.
create table backfill (
  name       text primary key,
  source     text not null,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table backfill_record (
  name       text not null references backfill on delete cascade,
  record_id  text not null,
  revision   integer not null,
  deliveries integer not null,
  -- Estimated when it was sent.
  credits    integer not null,
  sent_at    timestamptz not null default now(),
  primary key (name, record_id, revision)
);
-- how much was sent today
create index backfill_record_sent on backfill_record (name, sent_at);
