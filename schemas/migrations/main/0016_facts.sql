-- Directories and calendar are needed by nearly every decision and change a few times a year: a
-- worker keeps them in memory and asks in the same trip whether they are still those. The mark is
-- drawn anew with every change (a count could be the same in two databases).
INSERT INTO counter (name, value) VALUES ('facts', random() & 281474976710655);
CREATE TRIGGER directory_item_added AFTER INSERT ON directory_item
BEGIN UPDATE counter SET value = random() & 281474976710655 WHERE name = 'facts'; END;
CREATE TRIGGER directory_item_changed AFTER UPDATE ON directory_item
BEGIN UPDATE counter SET value = random() & 281474976710655 WHERE name = 'facts'; END;
CREATE TRIGGER calendar_day_added AFTER INSERT ON calendar_day
BEGIN UPDATE counter SET value = random() & 281474976710655 WHERE name = 'facts'; END;
CREATE TRIGGER calendar_day_changed AFTER UPDATE ON calendar_day
BEGIN UPDATE counter SET value = random() & 281474976710655 WHERE name = 'facts'; END;
CREATE TRIGGER calendar_day_removed AFTER DELETE ON calendar_day
BEGIN UPDATE counter SET value = random() & 281474976710655 WHERE name = 'facts'; END;

-- Who works in an organisation, without looking at everybody who has an account.
CREATE INDEX role_assignment_organisation ON role_assignment (organisation);
-- Messages whose text is still kept: the sweep that forgets old texts sees no others.
CREATE INDEX message_kept ON message (queued_at) WHERE body <> '' OR args <> '{}';
