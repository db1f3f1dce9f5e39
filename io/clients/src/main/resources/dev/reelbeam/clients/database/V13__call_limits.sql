-- Calls of providers, counted for all processes that use one key.

-- Its row is the lock under which turns are given out.
create table provider_door (
  door         text primary key,
  -- Nobody calls before that: a provider asked for patience, or its quota is used up.
  closed_until timestamptz
);

create table provider_call (
  permit   uuid primary key,
  door     text not null references provider_door on delete cascade,
  taken_at timestamptz not null,
  -- In flight until then: its end, or, of a process that died, the latest that it can have been.
  until    timestamptz not null
);
-- turns of the last minute, calls in flight, and what may be forgotten
create index provider_call_door on provider_call (door, taken_at);
