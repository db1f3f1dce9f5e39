-- Why a provider is left alone: it asked for a moment of patience, or what it allows is used up.
-- Who waits for the first does not wait for the second.

alter table provider_door add column used_up boolean not null default false;

-- Nobody closes a door for longer than an hour any more: one that a wrong date closed opens then.
update provider_door set closed_until = clock_timestamp() + interval '1 hour'
  where closed_until > clock_timestamp() + interval '1 hour';
