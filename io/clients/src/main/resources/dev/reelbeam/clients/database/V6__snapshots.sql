-- Snapshots are kept for every video that is followed, those of imported lists too; costs by quarters
-- of an hour.

-- Nothing has written snapshots yet.
alter table video_engagement
  drop constraint video_engagement_published_video_id_fetched_at_key,
  alter column published_video_id drop not null,
  -- <platform>/<id>, as in engagement_window
  add column video_key text not null,
  -- in seconds; to the millisecond, because watch time may have to be derived from it
  alter column avg_view_duration type numeric,
  add constraint video_engagement_snapshot unique (video_key, fetched_at);
-- what an own video's counters were
create index video_engagement_published on video_engagement (published_video_id, fetched_at)
  where published_video_id is not null;

-- What was bought in each quarter of an hour, by site and altogether ('').
create view cost_quarter as
select
  date_bin('15 minutes', at, timestamptz '2000-01-01 00:00:00+00') as window_start,
  coalesce(site_id, 'none') as site,
  grouping(coalesce(site_id, 'none')) = 1 as altogether,
  sum(money_micros)::bigint as money_micros, sum(credits)::bigint as credits,
  count(*) as entries
from cost_entry
where state = 'charged'
group by grouping sets ((1, 2), (1));
-- costs of the last hours
create index cost_entry_charged on cost_entry (at) where state = 'charged';
