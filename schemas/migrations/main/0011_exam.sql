-- Tests: what a form takes, who sits where, what was answered and what it is worth. While an attempt
-- runs it lives in its own durable object; here is what it begins with and what it left.

CREATE TABLE exam (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL CHECK (json_valid(title)),
  purpose TEXT NOT NULL CHECK (purpose IN ('attestation', 'hiring', 'rehearsal')),
  -- Edition of the rules of tests, its group of posts; subject of the directory.
  edition TEXT NOT NULL, group_code TEXT NOT NULL, subject TEXT NOT NULL DEFAULT '',
  -- domain::exam::blueprint::Blueprint.
  blueprint TEXT NOT NULL CHECK (json_valid(blueprint)),
  -- Minutes without extra time, by the edition when it was written.
  minutes INTEGER NOT NULL CHECK (minutes > 0),
  -- forward: a section that was left is closed.
  navigation TEXT NOT NULL DEFAULT 'free' CHECK (navigation IN ('free', 'forward')),
  calculator INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
  version INTEGER NOT NULL DEFAULT 1,
  -- SHA-256 of the secret, published before; the secret sealed under the key of the worker `exam`,
  -- and in the open once the appeals are over.
  commitment TEXT NOT NULL DEFAULT '', sealed TEXT NOT NULL DEFAULT '',
  secret TEXT, revealed_at TEXT,
  created_at TEXT NOT NULL, changed_by TEXT NOT NULL, changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX exam_state ON exam (state, id);
-- What was committed to stays.
CREATE TRIGGER exam_commitment_stays BEFORE UPDATE OF commitment, sealed, blueprint ON exam
  WHEN old.commitment <> '' AND (old.commitment <> new.commitment OR old.sealed <> new.sealed OR old.blueprint <> new.blueprint)
  BEGIN SELECT RAISE(ABORT, 'an exam that was committed to stays'); END;

-- The packed pool of a language (domain::exam::pool), hexadecimal; `version` is its SHA-256.
CREATE TABLE exam_pool (
  exam TEXT NOT NULL REFERENCES exam (id),
  lang TEXT NOT NULL CHECK (lang IN ('kk', 'ru')),
  version TEXT NOT NULL,
  blob TEXT NOT NULL,
  PRIMARY KEY (exam, lang)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER exam_pool_stays BEFORE UPDATE ON exam_pool
  BEGIN SELECT RAISE(ABORT, 'a pool is kept as it was drawn from'); END;

-- A sitting: an exam at a time in a room.
CREATE TABLE exam_session (
  id TEXT PRIMARY KEY,
  exam TEXT NOT NULL REFERENCES exam (id),
  organisation TEXT NOT NULL REFERENCES organisation (id),
  place TEXT NOT NULL CHECK (json_valid(place)),
  room TEXT NOT NULL DEFAULT '',
  starts_at TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  changed_by TEXT NOT NULL, changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX exam_session_organisation ON exam_session (organisation, starts_at);

-- Who watches a room. The token is in the link that the proctor opens; here is its SHA-256.
CREATE TABLE exam_proctor (
  session TEXT NOT NULL REFERENCES exam_session (id),
  account TEXT NOT NULL REFERENCES account (id),
  token TEXT NOT NULL,
  PRIMARY KEY (session, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE exam_attempt (
  id TEXT PRIMARY KEY,
  exam TEXT NOT NULL REFERENCES exam (id),
  session TEXT NOT NULL REFERENCES exam_session (id),
  person TEXT NOT NULL REFERENCES person (id),
  -- The number under which the person sits; it is published with the draw, names are not.
  candidate TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt > 0),
  lang TEXT NOT NULL CHECK (lang IN ('kk', 'ru')),
  seat TEXT NOT NULL DEFAULT '',
  -- Minutes more for special needs, and category applied for.
  extra_minutes INTEGER NOT NULL DEFAULT 0 CHECK (extra_minutes BETWEEN 0 AND 240),
  claimed TEXT,
  -- SHA-256 of the token in the link of the candidate.
  token TEXT NOT NULL,
  -- assigned: nobody has checked who it is; admitted: may begin; then as the attempt itself says.
  state TEXT NOT NULL DEFAULT 'assigned' CHECK (state IN
    ('assigned', 'admitted', 'running', 'paused', 'submitted', 'expired', 'terminated', 'scored', 'annulled')),
  bank_version TEXT,
  started_at TEXT, deadline INTEGER, finished_at TEXT,
  -- How it ended, the last hash of its log and how many rows the log has.
  ended TEXT, head TEXT, rows INTEGER,
  -- domain::exam::score::Report; grows by one each time that it is scored anew.
  report TEXT CHECK (report IS NULL OR json_valid(report)), scoring INTEGER NOT NULL DEFAULT 0,
  points INTEGER, most INTEGER, reached TEXT,
  UNIQUE (exam, candidate, attempt)
) STRICT;
CREATE INDEX exam_attempt_session ON exam_attempt (session, candidate);
CREATE INDEX exam_attempt_person ON exam_attempt (person);
CREATE INDEX exam_attempt_open ON exam_attempt (deadline) WHERE state IN ('running', 'submitted', 'expired', 'terminated');

-- What was drawn. Never drawn again to score.
CREATE TABLE exam_slot (
  attempt TEXT NOT NULL REFERENCES exam_attempt (id),
  n INTEGER NOT NULL,
  section INTEGER NOT NULL,
  item TEXT NOT NULL, version INTEGER NOT NULL,
  scored INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (attempt, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX exam_slot_item ON exam_slot (item, version);
CREATE TRIGGER exam_slot_stays BEFORE UPDATE ON exam_slot
  BEGIN SELECT RAISE(ABORT, 'what was drawn stays'); END;

-- What was answered, in the identifiers of the bank, and what it is worth (millionths).
CREATE TABLE exam_response (
  attempt TEXT NOT NULL REFERENCES exam_attempt (id),
  n INTEGER NOT NULL,
  item TEXT NOT NULL, version INTEGER NOT NULL,
  lang TEXT NOT NULL,
  -- domain::bank::answer::Answer; none where the task was left out.
  answer TEXT CHECK (answer IS NULL OR json_valid(answer)),
  late INTEGER NOT NULL DEFAULT 0,
  points INTEGER NOT NULL, most INTEGER NOT NULL,
  PRIMARY KEY (attempt, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX exam_response_item ON exam_response (item, version);

CREATE TABLE exam_appeal (
  attempt TEXT NOT NULL REFERENCES exam_attempt (id),
  n INTEGER NOT NULL,
  ground TEXT NOT NULL, reason TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (attempt, n)
) STRICT, WITHOUT ROWID;
