-- Writers that do not know of each other's snapshots are told apart; ratios are of those videos alone
-- for which a platform tells both sides.

-- One row. A replay raises it, and a job that begins without state: both then count from all that is
-- kept, and rows of older generations never come back.
create table engagement_generation (
  one        boolean primary key default true check (one),
  generation bigint not null
);
insert into engagement_generation (generation) values (0);

alter table engagement_window
  add column generation bigint not null default 0,
  -- Of videos of which views are known, too.
  add column watched_seconds bigint not null default 0,
  -- Of videos of which impressions are known, too.
  add column clicked bigint not null default 0;
update engagement_window
  set watched_seconds = coalesce(watch_time_seconds, 0), clicked = coalesce(clicks, 0);
-- what a replay did not write again
create index engagement_window_generation on engagement_window (generation);

-- The first generation that counts what came too late.
alter table engagement_late add column counted_in bigint;

create or replace view engagement_figures as
select
  dimension, key, kind, window_start, videos, provisional,
  views, likes, comments, shares, watch_time_seconds, impressions, clicks,
  engagements::numeric / nullif(engagement_views, 0) as engagement_rate,
  clicked::numeric / nullif(click_impressions, 0) as click_through_rate,
  watched_seconds::numeric / nullif(watched_views, 0) as avg_view_duration_seconds,
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

create or replace view engagement_sliding as
select
  w.dimension, w.key, s.days, w.window_start as last_day,
  sum(d.views) as views, sum(d.likes) as likes, sum(d.comments) as comments,
  sum(d.shares) as shares, sum(d.watch_time_seconds) as watch_time_seconds,
  sum(d.impressions) as impressions, sum(d.clicks) as clicks,
  sum(d.engagements) / nullif(sum(d.engagement_views), 0) as engagement_rate,
  sum(d.clicked) / nullif(sum(d.click_impressions), 0) as click_through_rate,
  sum(d.watched_seconds) / nullif(sum(d.watched_views), 0) as avg_view_duration_seconds,
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

-- Rewards are of a video's first week, whoever published it; what was paid at other ages is not
-- comparable. `engagement replay` pays them again.
delete from arm_reward;
alter table imported_video
  -- Form of the title; null: unknown.
  add column title_style text;
comment on column published_video.voice is
  'Who really spoke, as metadata.json says; null: unknown, and no voice is paid for it.';
comment on column published_video.hook_style is
  'Null: as it was drawn. Empty: none of the named ones, an edited script for example.';
