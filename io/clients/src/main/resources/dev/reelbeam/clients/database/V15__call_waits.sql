-- Calls that wait for a turn with a provider, in the order in which they came.

create table provider_wait (
  permit   uuid primary key,
  door     text not null references provider_door on delete cascade,
  asked_at timestamptz not null,
  -- Who has not asked again by then is gone, and holds nobody up any more.
  until    timestamptz not null
);
create index provider_wait_door on provider_wait (door, asked_at);
