-- The kernel: places, organisations, directories, the calendar, people and accounts,
-- the journal, the outbox, idempotency keys. Moments are RFC 3339 UTC text, days YYYY-MM-DD.

-- A batch writes row 1 with a condition; a condition that is false breaks its named CHECK and
-- rolls the whole batch back. The name tells the application what was wrong.
CREATE TABLE guard (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL DEFAULT 1 CONSTRAINT version CHECK (version = 1),
  state INTEGER NOT NULL DEFAULT 1 CONSTRAINT state CHECK (state = 1)
) STRICT;

CREATE TABLE kato (
  code TEXT PRIMARY KEY,
  parent TEXT,
  level INTEGER NOT NULL,
  kk TEXT NOT NULL, ru TEXT NOT NULL, en TEXT NOT NULL DEFAULT '',
  lat REAL, lon REAL,
  closed_on TEXT
) STRICT;
CREATE INDEX kato_parent ON kato (parent);

-- An item has editions; it is closed (valid_to), never deleted.
CREATE TABLE directory_item (
  directory TEXT NOT NULL,
  code TEXT NOT NULL,
  edition INTEGER NOT NULL,
  kk TEXT NOT NULL, ru TEXT NOT NULL, en TEXT NOT NULL DEFAULT '',
  attrs TEXT NOT NULL DEFAULT '{}',
  place INTEGER NOT NULL DEFAULT 0,
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  PRIMARY KEY (directory, code, edition)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER directory_item_kept BEFORE DELETE ON directory_item
BEGIN SELECT RAISE(ABORT, 'directory items are closed, never deleted'); END;

CREATE TABLE calendar_day (
  day TEXT NOT NULL,
  week INTEGER NOT NULL CHECK (week IN (5, 6)),
  working INTEGER NOT NULL CHECK (working IN (0, 1)),
  kk TEXT NOT NULL, ru TEXT NOT NULL,
  PRIMARY KEY (day, week)
) STRICT, WITHOUT ROWID;
CREATE TABLE calendar_year (
  year INTEGER NOT NULL,
  week INTEGER NOT NULL CHECK (week IN (5, 6)),
  revision INTEGER NOT NULL,
  PRIMARY KEY (year, week)
) STRICT, WITHOUT ROWID;

CREATE TABLE organisation (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  bin TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('ministry', 'region', 'district', 'organisation')),
  type TEXT NOT NULL,
  parent TEXT REFERENCES organisation (id),
  -- Identifiers from the root, each closed by '/': a subtree is a prefix.
  path TEXT NOT NULL UNIQUE,
  kato TEXT NOT NULL,
  name_kk TEXT NOT NULL, name_ru TEXT NOT NULL, name_en TEXT NOT NULL DEFAULT '',
  address_kk TEXT NOT NULL DEFAULT '', address_ru TEXT NOT NULL DEFAULT '',
  about_kk TEXT NOT NULL DEFAULT '', about_ru TEXT NOT NULL DEFAULT '',
  lat REAL, lon REAL,
  phone TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', site TEXT NOT NULL DEFAULT '',
  languages TEXT NOT NULL DEFAULT '[]',
  rural INTEGER NOT NULL DEFAULT 0 CHECK (rural IN (0, 1)),
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'reorganised', 'closed', 'suspended')),
  valid_from TEXT NOT NULL, valid_to TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  changed_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX organisation_bin ON organisation (bin) WHERE status = 'active';
CREATE INDEX organisation_parent ON organisation (parent);
CREATE INDEX organisation_kato ON organisation (kato);

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  iin TEXT UNIQUE,
  surname TEXT NOT NULL, name TEXT NOT NULL, patronymic TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL DEFAULT 'kk',
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL UNIQUE REFERENCES person (id),
  login TEXT NOT NULL UNIQUE,
  -- PHC string of Argon2id; empty until the account is activated.
  password TEXT NOT NULL DEFAULT '',
  -- Encrypted under the deployment's key; empty until the account is activated.
  totp TEXT NOT NULL DEFAULT '',
  -- The last step that was used: a code is good once.
  totp_step INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT 'invited' CHECK (status IN ('invited', 'active', 'blocked')),
  failures INTEGER NOT NULL DEFAULT 0,
  failed_at TEXT,
  -- SHA-256 of the activation secret, and until when it is good.
  activation TEXT, activation_until TEXT,
  created_at TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX account_activation ON account (activation) WHERE activation IS NOT NULL;

CREATE TABLE role_assignment (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  role TEXT NOT NULL,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  scope TEXT NOT NULL CHECK (scope IN ('own', 'subtree')),
  from_day TEXT NOT NULL, to_day TEXT,
  order_no TEXT NOT NULL DEFAULT '',
  granted_by TEXT NOT NULL,
  granted_at TEXT NOT NULL
) STRICT;
CREATE INDEX role_assignment_account ON role_assignment (account);

-- The secret is in the cookie; here is its SHA-256.
CREATE TABLE session (
  id TEXT PRIMARY KEY,
  secret TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES account (id),
  created_at TEXT NOT NULL, seen_at TEXT NOT NULL, until TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '',
  revoked_at TEXT
) STRICT;
CREATE INDEX session_account ON session (account);

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  secret TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- The account in whose name commands are done; NULL for keys that only read what is public.
  account TEXT REFERENCES account (id),
  created_at TEXT NOT NULL, revoked_at TEXT
) STRICT;

-- Append-only. A row is written in the batch of the change itself; `seal` is chained afterwards
-- over the rows in order, so that nothing can be rewritten unseen.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  account TEXT, role TEXT, organisation TEXT, session TEXT,
  action TEXT NOT NULL,
  object_type TEXT NOT NULL, object_id TEXT NOT NULL,
  before TEXT, after TEXT, reason TEXT,
  request_id TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX journal_object ON journal (object_type, object_id, seq);
CREATE TABLE journal_seal (
  seq INTEGER PRIMARY KEY,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_seal_no_update BEFORE UPDATE ON journal_seal BEGIN SELECT RAISE(ABORT, 'seals are final'); END;
CREATE TRIGGER journal_seal_no_delete BEFORE DELETE ON journal_seal BEGIN SELECT RAISE(ABORT, 'seals are final'); END;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  topic TEXT NOT NULL,
  -- What the event is about: the newest event of a key says all that a projection needs.
  key TEXT NOT NULL,
  body TEXT NOT NULL DEFAULT '{}',
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at TEXT NOT NULL,
  error TEXT
) STRICT;
CREATE INDEX outbox_next ON outbox (next_at);

CREATE TABLE idempotency (
  account TEXT NOT NULL,
  key TEXT NOT NULL,
  -- SHA-256 of method, path and body: the same key with another request is refused.
  request TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;
