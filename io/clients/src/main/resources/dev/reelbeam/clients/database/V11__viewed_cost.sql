-- What views cost is of the videos that tell views.

alter table engagement_window
  -- Of cost_micros and credits, those of videos of which views are known.
  add column viewed_cost_micros bigint not null default 0,
  add column viewed_credits bigint not null default 0;
-- As near as rows of many videos tell; the generation that begins has them counted anew.
update engagement_window
  set viewed_cost_micros = cost_micros, viewed_credits = credits where views is not null;
update engagement_generation set generation = generation + 1;
update engagement_late set counted_in = (select generation from engagement_generation)
  where counted_in is null and applied_at is null;

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
  viewed_cost_micros * 1000.0 / nullif(views, 0) as cost_micros_per_thousand_views,
  views::numeric / nullif(viewed_credits, 0) as views_per_credit,
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
  sum(d.viewed_cost_micros) * 1000.0 / nullif(sum(d.views), 0) as cost_micros_per_thousand_views,
  sum(d.views) / nullif(sum(d.viewed_credits), 0) as views_per_credit,
  bool_or(d.provisional) as provisional
from engagement_window w
cross join (values (7), (28)) as s (days)
join engagement_window d
  on d.dimension = w.dimension and d.kind = 'day' and d.key = w.key
  and d.window_start > w.window_start - make_interval(days => s.days)
  and d.window_start <= w.window_start
where w.kind = 'day'
group by w.dimension, w.key, s.days, w.window_start;
