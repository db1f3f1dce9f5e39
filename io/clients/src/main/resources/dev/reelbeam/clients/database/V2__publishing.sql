-- Publishing, its ledger, and what comes back.

create table social_account (
  id          bigint generated always as identity primary key,
  public_id   uuid not null default gen_random_uuid() unique,
  site_id     text not null,
  platform    text not null,
  account_ref text not null,
  name        text not null,
  -- Where the token is kept, never the token.
  secret_name text,
  scopes      text[] not null default '{}',
  expires_at  timestamptz,
  status      text not null default 'active',
  created_at  timestamptz not null default now(),
  unique (site_id, platform, account_ref)
);
-- tokens that have to be renewed soon
create index social_account_expiry on social_account (expires_at) where status = 'active';

create table api_key (
  id           bigint generated always as identity primary key,
  public_id    uuid not null default gen_random_uuid() unique,
  -- Hash of the key, never the key.
  key_sha256   text not null unique,
  user_id      text not null,
  site_id      text,
  role         text not null,
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at   timestamptz
);
-- a user's keys
create index api_key_user on api_key (user_id);

create table published_video (
  id                bigint generated always as identity primary key,
  public_id         uuid not null default gen_random_uuid() unique,
  rendered_video_id bigint not null references rendered_video on delete cascade,
  social_account_id bigint references social_account,
  platform          text not null,
  platform_video_id text,
  published_url     text,
  title             text not null,
  description       text not null,
  tags              text[] not null default '{}',
  thumbnail_url     text,
  published_at      timestamptz,
  status            text not null
    check (status in ('publishing', 'unconfirmed', 'published', 'failed', 'removed')),
  updated_at        timestamptz not null default now()
);
-- where a video went
create index published_video_rendered on published_video (rendered_video_id);
-- what has to be probed or polled; the newest posts
create index published_video_status on published_video (status, published_at desc);
-- the row of a platform's message about a post
create unique index published_video_platform on published_video (platform, platform_video_id)
  where platform_video_id is not null;

-- Effects happen once: prepare, confirm, finalise; an unknown outcome is probed, never repeated.
create table publication_ledger (
  publication_key text primary key,
  site_id         text not null,
  platform        text not null,
  account_ref     text not null,
  record_id       text not null,
  revision        integer not null,
  preset          text not null,
  generation      integer not null,
  content_sha256  text not null,
  state           text not null check (state in ('prepared', 'confirmed', 'finalised',
    'unconfirmed', 'failed', 'removed')),
  fence           bigint not null default 0,
  platform_video_id text,
  attempts        integer not null default 0,
  detail          text,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  unique (site_id, platform, account_ref, record_id, revision, preset, generation)
);
-- what has to be probed, oldest first
create index publication_ledger_state on publication_ledger (state, updated_at);
-- a record's publications
create index publication_ledger_record on publication_ledger (record_id);

create table video_engagement (
  id                 bigint generated always as identity primary key,
  published_video_id bigint not null references published_video on delete cascade,
  views              bigint not null,
  likes              bigint not null,
  comments           bigint not null,
  shares             bigint not null,
  watch_time_seconds bigint not null,
  avg_view_duration  integer,
  impressions        bigint,
  revenue            bigint,
  raw_data           jsonb not null,
  fetched_at         timestamptz not null,
  unique (published_video_id, fetched_at)
);

create table engagement_window (
  published_video_id bigint not null references published_video on delete cascade,
  window_start       timestamptz not null,
  window_seconds     integer not null,
  views              bigint not null,
  likes              bigint not null,
  comments           bigint not null,
  shares             bigint not null,
  watch_time_seconds bigint not null,
  -- Late data replaces a window by a newer pane.
  pane               bigint not null,
  updated_at         timestamptz not null default now(),
  primary key (published_video_id, window_seconds, window_start)
);
-- a curve over time for all videos
create index engagement_window_time on engagement_window (window_seconds, window_start);

create table trend (
  id         bigint generated always as identity primary key,
  topic      text not null,
  region     text not null,
  source     text not null,
  score      bigint not null,
  at         timestamptz not null,
  expires_at timestamptz,
  unique (topic, region, source, at)
);
-- what is on the rise now
create index trend_now on trend (region, at desc, score desc);
