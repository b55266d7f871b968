-- What a reporter's page must know again when its reader comes back: who can read the report. Sealed
-- under a key that comes out of the receipt; of one size, and every report has one.
ALTER TABLE item ADD COLUMN note BLOB CHECK (note IS NULL OR length(note) = 104);
