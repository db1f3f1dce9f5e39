-- What a published video really shows may differ from what was drawn for it.

alter table published_video
  -- Form of the title; null: as it was drawn, empty: none of the named ones.
  add column title_style text;
