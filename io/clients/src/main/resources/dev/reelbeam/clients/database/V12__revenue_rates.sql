-- What is estimated of revenue is counted by one set of rates.

alter table engagement_generation
  -- What a thousand views were taken to earn when it began, in micro-dollars: tiktok=21000,x=15000
  add column rates text not null default '';
