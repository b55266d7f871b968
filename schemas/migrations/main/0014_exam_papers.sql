-- What a test leaves on paper: acts of violation, decisions on appeals with what they changed, and
-- certificates of the result.

-- Who wrote the form last, so that somebody else publishes it.
ALTER TABLE exam ADD COLUMN published_by TEXT REFERENCES account (id);
ALTER TABLE exam ADD COLUMN published_at TEXT;
-- When the person was let in, and by whom.
ALTER TABLE exam_attempt ADD COLUMN admitted_by TEXT REFERENCES account (id);
ALTER TABLE exam_attempt ADD COLUMN admitted_at TEXT;

-- A decision on a task. It is proposed by one member of the commission and signed by another; only
-- then it is in force. `protocol` is what was signed, `digest` its SHA-256.
CREATE TABLE exam_ruling (
  id TEXT PRIMARY KEY,
  exam TEXT NOT NULL REFERENCES exam (id),
  item TEXT NOT NULL, version INTEGER NOT NULL,
  -- domain::exam::appeal::Decision; the new key where that is what was decided.
  decision TEXT NOT NULL CHECK (json_valid(decision)),
  answers TEXT CHECK (answers IS NULL OR json_valid(answers)),
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'signed', 'done')),
  protocol TEXT CHECK (protocol IS NULL OR json_valid(protocol)), digest TEXT,
  proposed_by TEXT NOT NULL REFERENCES account (id), proposed_at TEXT NOT NULL,
  signed_by TEXT REFERENCES account (id), signed_at TEXT,
  CHECK (signed_by IS NULL OR signed_by <> proposed_by)
) STRICT;
CREATE INDEX exam_ruling_exam ON exam_ruling (exam, id);
CREATE UNIQUE INDEX exam_ruling_one ON exam_ruling (exam, item, version) WHERE state = 'proposed';
CREATE TRIGGER exam_ruling_stays BEFORE UPDATE OF decision, answers, reason, protocol, digest ON exam_ruling
  WHEN old.state <> 'proposed'
  BEGIN SELECT RAISE(ABORT, 'what was signed stays'); END;

-- The answer to an appeal.
ALTER TABLE exam_appeal ADD COLUMN ruling TEXT REFERENCES exam_ruling (id);

-- Before and after, for everybody who had the task.
CREATE TABLE exam_rescored (
  ruling TEXT NOT NULL REFERENCES exam_ruling (id),
  attempt TEXT NOT NULL REFERENCES exam_attempt (id),
  before INTEGER NOT NULL, after INTEGER NOT NULL,
  reached_before TEXT, reached_after TEXT,
  at TEXT NOT NULL,
  PRIMARY KEY (ruling, attempt)
) STRICT, WITHOUT ROWID;

-- domain::exam::certificate::Certificate as it was given out, a row for each state of the result.
CREATE TABLE exam_certificate (
  code TEXT PRIMARY KEY,
  attempt TEXT NOT NULL REFERENCES exam_attempt (id),
  version INTEGER NOT NULL,
  paper TEXT NOT NULL CHECK (json_valid(paper)),
  at TEXT NOT NULL,
  UNIQUE (attempt, version)
) STRICT, WITHOUT ROWID;
