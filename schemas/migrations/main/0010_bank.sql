-- The bank of test items. What is delivered (item_version) and the keys (item_key) are different
-- tables: whoever builds what a candidate gets never names item_key.

INSERT INTO counter (name, value) VALUES ('item', 0);

CREATE TABLE item (
  id TEXT PRIMARY KEY,
  -- Number for sorting and for the index of the search.
  number INTEGER NOT NULL UNIQUE,
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('single', 'multiple', 'matching', 'ordering', 'number', 'hotspot', 'text')),
  -- Path in the topic tree (item_topic), code in the directory `subject`, class, level of Bloom.
  topic TEXT NOT NULL DEFAULT '', subject TEXT NOT NULL DEFAULT '', grade INTEGER NOT NULL DEFAULT 0,
  level TEXT NOT NULL,
  -- Share of candidates who are expected to answer it, per mille; 0 = unknown.
  facility INTEGER NOT NULL DEFAULT 0,
  -- JSON: words that keep items apart in a form, words to find it by.
  enemies TEXT NOT NULL DEFAULT '[]', tags TEXT NOT NULL DEFAULT '[]',
  source TEXT NOT NULL DEFAULT '',
  -- The newest version and its state; the version that forms draw, NULL = none.
  head INTEGER NOT NULL, state TEXT NOT NULL, live INTEGER,
  -- Grows by one at every change, for If-Match.
  version INTEGER NOT NULL DEFAULT 1,
  -- How often it was given to a candidate, and when last.
  exposure INTEGER NOT NULL DEFAULT 0, used_at TEXT,
  created_by TEXT NOT NULL REFERENCES account (id), created_at TEXT NOT NULL, changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX item_state ON item (state, number);
CREATE INDEX item_cell ON item (topic, level, kind) WHERE live IS NOT NULL;
CREATE INDEX item_subject ON item (subject) WHERE live IS NOT NULL;

CREATE TABLE item_version (
  item TEXT NOT NULL REFERENCES item (id),
  version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'review1', 'review2', 'language_check', 'approved', 'pilot', 'calibrated', 'active', 'suspended', 'retired')),
  -- State before a suspension.
  before TEXT,
  -- What is delivered, a body a language (domain::bank::body::Body as JSON).
  kk TEXT, ru TEXT,
  -- SHA-256 (16 digits) of the exact and of the normalised text, for duplicates.
  exact_kk TEXT, exact_ru TEXT, normal_kk TEXT, normal_ru TEXT,
  -- Parameters of the accepted calibration (2PL, logistic metric), NULL = not calibrated.
  a REAL, b REAL,
  author TEXT NOT NULL REFERENCES account (id),
  at TEXT NOT NULL,
  PRIMARY KEY (item, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_version_exact_kk ON item_version (exact_kk);
CREATE INDEX item_version_exact_ru ON item_version (exact_ru);
CREATE INDEX item_version_normal_kk ON item_version (normal_kk);
CREATE INDEX item_version_normal_ru ON item_version (normal_ru);

-- Keys. `answers` is domain::bank::key::Answers as JSON; explanations are Rich.
CREATE TABLE item_key (
  item TEXT NOT NULL, version INTEGER NOT NULL,
  answers TEXT NOT NULL,
  explanation_kk TEXT NOT NULL DEFAULT '[]', explanation_ru TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (item, version),
  FOREIGN KEY (item, version) REFERENCES item_version (item, version)
) STRICT, WITHOUT ROWID;

-- The text of a version never changes once it has left the draft; its key neither.
CREATE TRIGGER item_version_is_kept BEFORE UPDATE OF kk, ru ON item_version
  WHEN old.state <> 'draft' AND (old.kk IS NOT new.kk OR old.ru IS NOT new.ru)
  BEGIN SELECT RAISE(ABORT, 'a version is kept as it is'); END;
CREATE TRIGGER item_version_stays BEFORE DELETE ON item_version
  BEGIN SELECT RAISE(ABORT, 'a version is kept as it is'); END;
CREATE TRIGGER item_key_is_kept BEFORE UPDATE ON item_key
  WHEN (SELECT state FROM item_version v WHERE v.item = old.item AND v.version = old.version) <> 'draft'
  BEGIN SELECT RAISE(ABORT, 'a key is kept as it is'); END;

CREATE TABLE item_topic (
  path TEXT PRIMARY KEY,
  -- JSON {kk, ru, en}.
  name TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Commands that were given: reviews, returns, suspensions, with their words.
CREATE TABLE item_step (
  id TEXT PRIMARY KEY,
  item TEXT NOT NULL, version INTEGER NOT NULL,
  command TEXT NOT NULL,
  from_state TEXT NOT NULL, to_state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '', text TEXT NOT NULL DEFAULT '',
  account TEXT NOT NULL REFERENCES account (id),
  at TEXT NOT NULL,
  FOREIGN KEY (item, version) REFERENCES item_version (item, version)
) STRICT;
CREATE INDEX item_step_item ON item_step (item, id);

CREATE TABLE item_complaint (
  id TEXT PRIMARY KEY,
  item TEXT NOT NULL REFERENCES item (id), version INTEGER NOT NULL,
  -- As in Order 83, Annex on appeals: key, none, several, task, fragment; or leak.
  ground TEXT NOT NULL CHECK (ground IN ('key', 'none', 'several', 'task', 'fragment', 'leak')),
  text TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'upheld', 'dismissed')),
  answer TEXT NOT NULL DEFAULT '',
  account TEXT REFERENCES account (id), decided_by TEXT REFERENCES account (id),
  at TEXT NOT NULL, decided_at TEXT
) STRICT;
CREATE INDEX item_complaint_open ON item_complaint (state, id);
CREATE INDEX item_complaint_item ON item_complaint (item);

-- Images, by the SHA-256 of their bytes; the bytes are in the store under bank/<hash>.
CREATE TABLE item_media (
  hash TEXT PRIMARY KEY,
  type TEXT NOT NULL, size INTEGER NOT NULL,
  width INTEGER NOT NULL DEFAULT 0, height INTEGER NOT NULL DEFAULT 0,
  account TEXT NOT NULL REFERENCES account (id), at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE item_import (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL, sha256 TEXT NOT NULL, format TEXT NOT NULL,
  -- How many came in, were there already, were refused.
  taken INTEGER NOT NULL, known INTEGER NOT NULL, refused INTEGER NOT NULL,
  report TEXT NOT NULL,
  account TEXT NOT NULL REFERENCES account (id), at TEXT NOT NULL
) STRICT;

-- Exports: asked by one person, approved by two others, taken once, sealed for who asked.
CREATE TABLE item_export (
  id TEXT PRIMARY KEY,
  -- JSON: which items, format, why.
  filter TEXT NOT NULL, format TEXT NOT NULL, purpose TEXT NOT NULL,
  -- Sixteen digits that are hidden in every item of the file.
  mark TEXT NOT NULL UNIQUE,
  items INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'refused', 'taken')),
  asked_by TEXT NOT NULL REFERENCES account (id), asked_at TEXT NOT NULL,
  first_by TEXT REFERENCES account (id), first_at TEXT,
  second_by TEXT REFERENCES account (id), second_at TEXT,
  taken_at TEXT, until TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  CHECK (first_by IS NULL OR first_by <> asked_by),
  CHECK (second_by IS NULL OR (second_by <> asked_by AND second_by <> first_by))
) STRICT;
