-- Engagement: snapshots may lack a counter, windows belong to a video or to what it counts for.

-- A counter that the platform did not tell is null; the platform's answer may lie in the store.
alter table video_engagement
  alter column views drop not null,
  alter column likes drop not null,
  alter column comments drop not null,
  alter column shares drop not null,
  alter column watch_time_seconds drop not null,
  alter column raw_data drop not null,
  add column clicks bigint,
  add column raw_ref text;
-- the history of all videos in order, for a replay
create index video_engagement_time on video_engagement (fetched_at);

-- What engagement is grouped by, as it was when the video was published.
alter table published_video
  add column hook_style text,
  add column voice text,
  add column duration_class text,
  add column topic text;

-- Videos of other houses' lists, whose engagement is followed, too.
create table imported_video (
  platform       text not null,
  video_id       text not null,
  preset         text not null,
  site_id        text not null,
  time_zone      text,
  hook_style     text,
  voice          text,
  duration_class text,
  topic          text,
  project        text not null,
  published_at   timestamptz not null,
  cost_micros    bigint not null,
  credits        bigint not null,
  removed_at     timestamptz,
  primary key (platform, video_id)
);
-- videos of a list by their ids, whatever the platform
create index imported_video_id on imported_video (video_id);

-- Days begin and end by the site's clock.
create table site_time_zone (
  site_id   text primary key,
  -- IANA id, for example Europe/Berlin; sites that are not here: UTC
  time_zone text not null
);

-- Nothing has written windows of the first form.
drop table engagement_window;

-- Each row is written whole; a higher version knows more and is never replaced by a lower one.
create table engagement_window (
  dimension     text not null check (dimension in ('video', 'platform', 'preset', 'site',
    'hook_style', 'voice', 'duration_class', 'topic', 'project')),
  -- video: <platform>/<id>
  key           text not null,
  kind          text not null check (kind in ('hour', 'day', 'first_24h', 'first_7d')),
  -- hour, and first windows of a video: in UTC. day, and first windows of others: the site's date
  -- (of publishing), as if it began in UTC.
  window_start  timestamp not null,
  -- Sums over the videos that tell the counter; null: none does, which is not zero.
  views         bigint,
  likes         bigint,
  comments      bigint,
  shares        bigint,
  watch_time_seconds bigint,
  impressions   bigint,
  clicks        bigint,
  revenue_micros bigint,
  -- likes + comments + shares as far as they are known, and the views of the videos that tell any
  engagements   bigint not null,
  engagement_views bigint not null,
  watched_views bigint not null,
  click_impressions bigint not null,
  -- floor(views * rate / 1000), for platforms that have a rate and tell no revenue
  estimated_revenue_micros bigint not null,
  -- of videos published within the window
  cost_micros   bigint not null,
  credits       bigint not null,
  videos        bigint not null,
  revenue_videos bigint not null,
  -- a video's last snapshot lies within the window
  provisional   boolean not null,
  version       bigint not null,
  updated_at    timestamptz not null default now(),
  primary key (dimension, kind, key, window_start)
);
-- a curve over time for all keys of a dimension
create index engagement_window_time on engagement_window (dimension, kind, window_start);

-- Every ratio is divided here and nowhere else; null where there is nothing to divide by.
create view engagement_figures as
select
  dimension, key, kind, window_start, videos, provisional,
  views, likes, comments, shares, watch_time_seconds, impressions, clicks,
  engagements::numeric / nullif(engagement_views, 0) as engagement_rate,
  clicks::numeric / nullif(click_impressions, 0) as click_through_rate,
  watch_time_seconds::numeric / nullif(watched_views, 0) as avg_view_duration_seconds,
  case when revenue_videos > 0 or estimated_revenue_micros <> 0
    then coalesce(revenue_micros, 0) + estimated_revenue_micros end as revenue_micros,
  case when revenue_videos = 0 and estimated_revenue_micros = 0 then 'unknown'
    when estimated_revenue_micros = 0 then 'known'
    when revenue_videos = 0 then 'estimated'
    else 'partly_estimated' end as revenue_kind,
  cost_micros, credits,
  cost_micros * 1000.0 / nullif(views, 0) as cost_micros_per_thousand_views,
  views::numeric / nullif(credits, 0) as views_per_credit,
  updated_at
from engagement_window;

-- Sliding windows of 7 and 28 days that end with each day, rolled up from the days.
create view engagement_sliding as
select
  w.dimension, w.key, s.days, w.window_start as last_day,
  sum(d.views) as views, sum(d.likes) as likes, sum(d.comments) as comments,
  sum(d.shares) as shares, sum(d.watch_time_seconds) as watch_time_seconds,
  sum(d.impressions) as impressions, sum(d.clicks) as clicks,
  sum(d.engagements) / nullif(sum(d.engagement_views), 0) as engagement_rate,
  sum(d.clicks) / nullif(sum(d.click_impressions), 0) as click_through_rate,
  sum(d.watch_time_seconds) / nullif(sum(d.watched_views), 0) as avg_view_duration_seconds,
  sum(d.revenue_micros) as revenue_micros,
  sum(d.estimated_revenue_micros) as estimated_revenue_micros,
  sum(d.cost_micros) as cost_micros, sum(d.credits) as credits,
  sum(d.cost_micros) * 1000.0 / nullif(sum(d.views), 0) as cost_micros_per_thousand_views,
  sum(d.views) / nullif(sum(d.credits), 0) as views_per_credit,
  bool_or(d.provisional) as provisional
from engagement_window w
cross join (values (7), (28)) as s (days)
join engagement_window d
  on d.dimension = w.dimension and d.kind = 'day' and d.key = w.key
  and d.window_start > w.window_start - make_interval(days => s.days)
  and d.window_start <= w.window_start
where w.kind = 'day'
group by w.dimension, w.key, s.days, w.window_start;

-- What came too late for the running job; the replay of the history applies it.
create table engagement_late (
  video_key  text not null,
  fetched_at timestamptz not null,
  too_late_s bigint not null,
  snapshot   jsonb not null,
  times      integer not null default 1,
  received_at timestamptz not null default now(),
  applied_at timestamptz,
  primary key (video_key, fetched_at)
);
-- what waits for a replay
create index engagement_late_waiting on engagement_late (received_at) where applied_at is null;
