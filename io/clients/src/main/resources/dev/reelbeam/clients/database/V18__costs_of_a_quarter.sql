-- What was bought in a quarter of an hour is read by its quarter: every ten seconds somebody asks for
-- the last two, and all that was ever bought was added up for it.

-- As before. Two simple groupings instead of one with grouping sets: into those a condition on
-- window_start is pushed down, to the index.
create or replace view cost_quarter as
select
  date_bin('15 minutes', at, timestamptz '2000-01-01 00:00:00+00') as window_start,
  coalesce(site_id, 'none') as site, false as altogether,
  sum(money_micros)::bigint as money_micros, sum(credits)::bigint as credits,
  count(*) as entries
from cost_entry
where state = 'charged'
group by 1, 2
union all
select
  date_bin('15 minutes', at, timestamptz '2000-01-01 00:00:00+00'),
  null, true,
  sum(money_micros)::bigint, sum(credits)::bigint,
  count(*)
from cost_entry
where state = 'charged'
group by 1;
-- costs of the last quarters of an hour
create index cost_entry_quarter on cost_entry
  (date_bin('15 minutes', at, timestamptz '2000-01-01 00:00:00+00')) where state = 'charged';
-- By the time itself nobody asks for them any more.
drop index cost_entry_charged;
