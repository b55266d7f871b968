-- Acts of violation (Order 83, annex 10): written by who watched the room, signed by who runs the
-- session; with the second signature the result is annulled.
CREATE TABLE exam_act (
  id TEXT PRIMARY KEY,
  attempt TEXT NOT NULL REFERENCES exam_attempt (id),
  what TEXT NOT NULL,
  -- When it happened.
  at TEXT NOT NULL,
  written_by TEXT NOT NULL REFERENCES account (id), written_at TEXT NOT NULL,
  signed_by TEXT REFERENCES account (id), signed_at TEXT,
  CHECK (signed_by IS NULL OR signed_by <> written_by)
) STRICT;
CREATE INDEX exam_act_attempt ON exam_act (attempt);
CREATE TRIGGER exam_act_stays BEFORE UPDATE OF attempt, what, at, written_by, written_at ON exam_act
  BEGIN SELECT RAISE(ABORT, 'an act stays as it was written'); END;
