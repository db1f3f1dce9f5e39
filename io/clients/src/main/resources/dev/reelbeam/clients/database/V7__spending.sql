-- What is spent is looked at before each purchase.

-- how much was spent today, by everybody
create index cost_entry_day on cost_entry (at);
