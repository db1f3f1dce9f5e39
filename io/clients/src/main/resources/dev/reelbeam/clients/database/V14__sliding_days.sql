-- A sliding window ends with every day, also with one on which its key has nothing.

create or replace view engagement_sliding as
select
  d.dimension, d.key, s.days, l.last_day,
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
-- Every video has a platform: the days of platforms, a few rows, are those of all.
from generate_series(
  (select min(window_start) from engagement_window where dimension = 'platform' and kind = 'day'),
  (select max(window_start) from engagement_window where dimension = 'platform' and kind = 'day'),
  interval '1 day') as l (last_day)
cross join (values (7), (28)) as s (days)
join engagement_window d
  on d.kind = 'day'
  and d.window_start > l.last_day - make_interval(days => s.days)
  and d.window_start <= l.last_day
group by d.dimension, d.key, s.days, l.last_day;
