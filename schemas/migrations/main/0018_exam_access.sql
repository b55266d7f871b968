-- Tasks in sign language: a video beside a version of an item, which leaves the version as it was.
-- Only those see it who were put down for it; files are those of item_media.

CREATE TABLE item_sign (
  item TEXT NOT NULL, version INTEGER NOT NULL,
  lang TEXT NOT NULL CHECK (lang IN ('kk', 'ru')),
  video TEXT NOT NULL REFERENCES item_media (hash),
  poster TEXT REFERENCES item_media (hash),
  -- WebVTT.
  captions TEXT NOT NULL DEFAULT '',
  account TEXT NOT NULL REFERENCES account (id), at TEXT NOT NULL,
  PRIMARY KEY (item, version, lang),
  FOREIGN KEY (item, version) REFERENCES item_version (item, version)
) STRICT, WITHOUT ROWID;

-- The person asked for tasks in sign language.
ALTER TABLE exam_attempt ADD COLUMN sign INTEGER NOT NULL DEFAULT 0 CHECK (sign IN (0, 1));

-- Printed forms: which were printed, by whom and why. The page itself is made anew each time.
CREATE TABLE exam_print (
  id TEXT PRIMARY KEY,
  session TEXT NOT NULL REFERENCES exam_session (id),
  -- JSON list of attempts.
  attempts TEXT NOT NULL CHECK (json_valid(attempts)),
  reason TEXT NOT NULL,
  account TEXT NOT NULL REFERENCES account (id), at TEXT NOT NULL
) STRICT;

-- What somebody has read from the paper of an attempt: one text a task, as JSON, identifiers as the
-- attempt has them.
CREATE TABLE exam_paper_read (
  attempt TEXT NOT NULL REFERENCES exam_attempt (id),
  account TEXT NOT NULL REFERENCES account (id),
  answers TEXT NOT NULL CHECK (json_valid(answers)),
  -- Number of the act about the outage.
  act TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (attempt, account)
) STRICT, WITHOUT ROWID;

-- What two people have read alike. The worker of tests takes it from here and says when it did.
CREATE TABLE exam_paper (
  attempt TEXT PRIMARY KEY REFERENCES exam_attempt (id),
  -- JSON: [[number of the task, answer], …].
  answers TEXT NOT NULL CHECK (json_valid(answers)),
  act TEXT NOT NULL,
  first_by TEXT NOT NULL REFERENCES account (id), second_by TEXT NOT NULL REFERENCES account (id),
  at TEXT NOT NULL, applied_at TEXT,
  CHECK (first_by <> second_by)
) STRICT, WITHOUT ROWID;
CREATE INDEX exam_paper_waits ON exam_paper (attempt) WHERE applied_at IS NULL;
