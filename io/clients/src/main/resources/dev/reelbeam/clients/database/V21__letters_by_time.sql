-- Lists of letters that are not only the open ones, and a letter by the beginning of its id.

-- all letters, newest first
create index dead_letter_newest on dead_letter (last_at desc, id desc);
-- a letter by the beginning of its id, whatever the database's language
create index dead_letter_id_bytes on dead_letter (letter_id text_pattern_ops);
-- the same lists as before, in an order that leaves nothing to sort
drop index dead_letter_open;
create index dead_letter_state on dead_letter (state, last_at desc, id desc);
drop index dead_letter_stage;
create index dead_letter_stage on dead_letter (stage, last_at desc, id desc) where state = 'open';
drop index dead_letter_number;
create index dead_letter_number on dead_letter (number, last_at desc, id desc) where state = 'open';
