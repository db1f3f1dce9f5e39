-- Which arms were drawn for videos, and what they earned.

create table arm_choice (
  record_id       text not null,
  revision        integer not null,
  variant         text not null,
  kind            text not null,
  -- Empty where a record has no site.
  site_id         text not null,
  platforms       text[] not null,
  options         text[] not null,
  arm             text not null,
  -- Of this draw, holdout and posterior together: what a look back at other policies divides by.
  probability_ppm integer not null,
  holdout         boolean not null,
  chosen_at       timestamptz not null default now(),
  primary key (record_id, revision, variant, kind)
);
-- how often an arm is drawn, over time
create index arm_choice_arm on arm_choice (kind, arm, chosen_at);

create table arm_reward (
  kind              text not null,
  platform          text not null,
  video_id          text not null,
  arm               text not null,
  site_id           text not null,
  interactions      bigint not null,
  views             bigint not null,
  -- Logarithm of the smoothed engagement rate, and how much the video counts beside others.
  log_rate          double precision not null,
  weight            double precision not null,
  published_at      timestamptz not null,
  -- An older figure never takes the place of a newer one.
  version           bigint not null,
  primary key (kind, platform, video_id)
);
-- what was learned about a kind, the newest videos
create index arm_reward_published on arm_reward (kind, published_at);

-- Which videos are asked about when: a poller that starts again goes on here.
create table engagement_poll (
  platform          text not null,
  -- published_video.public_id, or the id of an imported list
  video_id          text not null,
  platform_video_id text not null,
  site_id           text,
  account           text not null,
  published_at      timestamptz not null,
  next_poll_at      timestamptz not null,
  last_polled_at    timestamptz,
  -- Times in a row that the platform did not know the video.
  missed            smallint not null default 0,
  state             text not null default 'active' check (state in ('active', 'removed')),
  -- Until then a poller works on it.
  claimed_until     timestamptz,
  last_error        text,
  primary key (platform, video_id)
);
-- what is due, the longest overdue first
create index engagement_poll_due on engagement_poll (platform, next_poll_at)
  where state = 'active';

-- What was used of a platform's quota, by its own day.
create table engagement_quota (
  platform      text not null,
  account       text not null,
  day           date not null,
  used          bigint not null default 0,
  -- The platform said so: nobody asks again before.
  blocked_until timestamptz,
  primary key (platform, account, day)
);
