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
