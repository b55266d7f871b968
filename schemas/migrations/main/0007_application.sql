-- Applications for vacancies: what is written, what was sent, what happened to it.

CREATE TABLE application (
  id TEXT PRIMARY KEY,
  -- Number for people, given when it is first sent.
  number TEXT UNIQUE,
  vacancy TEXT NOT NULL REFERENCES vacancy (id),
  organisation TEXT NOT NULL REFERENCES organisation (id),
  person TEXT NOT NULL REFERENCES person (id),
  account TEXT NOT NULL REFERENCES account (id),
  state TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  -- What the applicant writes (domain::application::model::Content); staff read what was sent.
  content TEXT NOT NULL CHECK (json_valid(content)),
  -- The vacancy's rule edition; kept to the end.
  procedure TEXT NOT NULL, edition TEXT NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  submitted_at TEXT, registered_at TEXT,
  -- Whose turn it is follows from the state; this is until when.
  due_at TEXT,
  paused_at TEXT,
  left_days INTEGER,
  completions INTEGER NOT NULL DEFAULT 0,
  completion TEXT CHECK (completion IS NULL OR json_valid(completion)),
  verdict TEXT CHECK (verdict IS NULL OR json_valid(verdict)),
  -- State and deadline of the vacancy up to which this application has followed it.
  followed TEXT NOT NULL DEFAULT '',
  -- For lists only: name as it was sent, folded name and number for searching, points claimed.
  name TEXT NOT NULL DEFAULT '', search TEXT NOT NULL DEFAULT '', points REAL,
  -- The last nudge before the deadline, so that none comes twice.
  nudged TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  changed_by TEXT NOT NULL, changed_at TEXT NOT NULL
) STRICT;
-- One active application per person and competition. A refused or withdrawn one does not stand in
-- the way of a new one.
CREATE UNIQUE INDEX application_active ON application (person, vacancy)
  WHERE state NOT IN ('refused', 'withdrawn', 'cancelled');
CREATE INDEX application_account ON application (account, changed_at);
CREATE INDEX application_vacancy ON application (vacancy, state, submitted_at);
CREATE INDEX application_organisation ON application (organisation, changed_at);
CREATE INDEX application_due ON application (due_at) WHERE due_at IS NOT NULL;
-- Terms that could not be counted, because the calendar of the year was not loaded.
CREATE INDEX application_open_term ON application (id)
  WHERE due_at IS NULL AND state IN ('submitted', 'registered', 'checking', 'admitted');
CREATE INDEX application_draft ON application (changed_at) WHERE state = 'draft';

-- What happened, in order. `details` is what the timeline needs beside the action.
CREATE TABLE application_step (
  application TEXT NOT NULL REFERENCES application (id),
  n INTEGER NOT NULL,
  at TEXT NOT NULL,
  action TEXT NOT NULL,
  state TEXT NOT NULL,
  party TEXT NOT NULL CHECK (party IN ('applicant', 'organisation', 'system')),
  -- Account; empty for the system.
  who TEXT NOT NULL DEFAULT '',
  details TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details)),
  PRIMARY KEY (application, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER application_step_kept BEFORE UPDATE ON application_step
BEGIN SELECT RAISE(ABORT, 'steps are final'); END;

-- What was sent, word for word: the content, the vacancy and the files with their digests.
CREATE TABLE application_sent (
  application TEXT NOT NULL REFERENCES application (id),
  n INTEGER NOT NULL,
  at TEXT NOT NULL,
  snapshot TEXT NOT NULL CHECK (json_valid(snapshot)),
  hash TEXT NOT NULL,
  PRIMARY KEY (application, n)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER application_sent_kept BEFORE UPDATE ON application_sent
BEGIN SELECT RAISE(ABORT, 'what was sent is final'); END;

-- Notes of the staff.
CREATE TABLE application_note (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  account TEXT NOT NULL REFERENCES account (id),
  at TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX application_note_application ON application_note (application, at);

-- Messages to many applicants at once, and who got them.
CREATE TABLE application_message (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  account TEXT NOT NULL REFERENCES account (id),
  at TEXT NOT NULL,
  subject TEXT NOT NULL CHECK (json_valid(subject)),
  body TEXT NOT NULL CHECK (json_valid(body)),
  recipients TEXT NOT NULL CHECK (json_valid(recipients))
) STRICT;
