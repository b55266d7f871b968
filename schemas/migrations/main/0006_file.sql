-- Files that people hand in. The content lies in the object store; what is here decides whether
-- it exists: an object that no row of `file` names is nobody's and is removed by the sweep.

CREATE TABLE file (
  id TEXT PRIMARY KEY,
  -- The person who sent it, and the account that did.
  person TEXT NOT NULL REFERENCES person (id),
  account TEXT NOT NULL,
  purpose TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Decided by the content; empty while parts are coming.
  kind TEXT NOT NULL DEFAULT '',
  size INTEGER NOT NULL CHECK (size >= 0),
  -- Of what is stored, and of what was sent (they differ where hidden data was taken out).
  sha256 TEXT, sha256_sent TEXT,
  state TEXT NOT NULL
    CHECK (state IN ('uploading', 'pending', 'clean', 'infected', 'refused', 'unscanned')),
  -- Why it was refused, what the scanner found: a code of schemas/locales/file.json, or a signature.
  reason TEXT NOT NULL DEFAULT '',
  -- Name of the object in the store; empty once the content is gone.
  object TEXT NOT NULL,
  -- [{"name", "width", "height", "size", "object"}], written by the check.
  variants TEXT NOT NULL DEFAULT '[]',
  -- An upload by parts: its name at the store, and until when the rest is waited for.
  upload TEXT, until TEXT,
  -- The check: how often it failed, when it is due again, who has it now until when.
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at TEXT,
  error TEXT,
  created_at TEXT NOT NULL,
  checked_at TEXT,
  -- Since when nothing names it, as the sweep saw it: its time of retention starts here.
  released_at TEXT
) STRICT;
CREATE INDEX file_person ON file (person, created_at);
CREATE INDEX file_waiting ON file (next_at) WHERE state = 'pending';
CREATE INDEX file_open ON file (until) WHERE state = 'uploading';
CREATE UNIQUE INDEX file_content ON file (object) WHERE object <> '';

CREATE TABLE file_part (
  file TEXT NOT NULL REFERENCES file (id) ON DELETE CASCADE,
  n INTEGER NOT NULL CHECK (n >= 1),
  size INTEGER NOT NULL,
  -- The store's name for the part.
  etag TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (file, n)
) STRICT, WITHOUT ROWID;

-- What names a file: ('application', its id), ('record', a record of the profile) … A row here is
-- what lets others open a file; without one nobody but its sender can.
CREATE TABLE file_use (
  file TEXT NOT NULL REFERENCES file (id),
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (file, object_type, object_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_use_object ON file_use (object_type, object_id);

-- The secret is in the address; here is its SHA-256.
CREATE TABLE file_link (
  secret TEXT PRIMARY KEY,
  file TEXT NOT NULL REFERENCES file (id) ON DELETE CASCADE,
  variant TEXT NOT NULL DEFAULT '',
  account TEXT NOT NULL,
  created_at TEXT NOT NULL,
  until TEXT NOT NULL,
  revoked_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX file_link_until ON file_link (until);
CREATE INDEX file_link_file ON file_link (file);

-- Objects that are being written or removed: a row is here before the store is touched and goes
-- when the row of `file` is there (or the object is gone). What stays behind is swept.
CREATE TABLE file_object (
  object TEXT PRIMARY KEY,
  upload TEXT,
  since TEXT NOT NULL,
  -- 1 = to be removed: no row may take it any more.
  doomed INTEGER NOT NULL DEFAULT 0 CHECK (doomed IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX file_object_since ON file_object (doomed, since);

-- Acts of removal: what was removed by the sweep, on which ground.
CREATE TABLE file_act (
  id TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  -- `unused`, `abandoned`, `infected` …
  ground TEXT NOT NULL,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  -- [{"id", "person", "sha256", "size", "created_at"}]: no names, no content.
  list TEXT NOT NULL
) STRICT;
CREATE TRIGGER file_act_kept_update BEFORE UPDATE ON file_act
BEGIN SELECT RAISE(ABORT, 'acts are kept as they are'); END;
CREATE TRIGGER file_act_kept_delete BEFORE DELETE ON file_act
BEGIN SELECT RAISE(ABORT, 'acts are kept as they are'); END;
