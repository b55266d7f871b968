-- A record that a closed case was decided on stays as it was. What its owner writes anew is a record
-- of its own; the locked one names it and is listed no more.
ALTER TABLE profile_item ADD COLUMN successor TEXT;
CREATE UNIQUE INDEX profile_item_successor ON profile_item (successor) WHERE successor IS NOT NULL;
