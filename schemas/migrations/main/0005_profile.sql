-- A person's own data: the card, the records of the profile, consents, saved vacancies, deletion.
-- What the law or a decision needs longer lives in the tables of its case.

-- The card beside the columns of `person` that others search by (iin, names, lang).
CREATE TABLE person_card (
  person TEXT PRIMARY KEY REFERENCES person (id),
  version INTEGER NOT NULL DEFAULT 1,
  -- domain::profile::api::Card as JSON, without what stands in `person`.
  content TEXT NOT NULL CHECK (json_valid(content)),
  -- Where fields come from that the person did not write: {"iin": "organisation"}.
  sources TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(sources)),
  changed_at TEXT NOT NULL
) STRICT;

CREATE TABLE profile_item (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'confirmed', 'returned', 'rejected', 'locked')),
  version INTEGER NOT NULL DEFAULT 1,
  -- domain::profile::record::Record as JSON, with its tag.
  record TEXT NOT NULL CHECK (json_valid(record)),
  evidence TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(evidence)),
  source TEXT NOT NULL CHECK (source IN ('auto', 'owner', 'organisation')),
  verification TEXT NOT NULL DEFAULT 'none' CHECK (verification IN ('none', 'organisation', 'authority')),
  visibility TEXT NOT NULL DEFAULT 'commission' CHECK (visibility IN ('private', 'commission', 'public')),
  -- The organisation that was asked to confirm it, who decided, and the reason of a return.
  organisation TEXT REFERENCES organisation (id),
  decided_by TEXT, reason TEXT NOT NULL DEFAULT '',
  -- Taken from the record at every save: the last day, and the day of the next reminder.
  valid_to TEXT, remind_on TEXT,
  created_at TEXT NOT NULL, changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX profile_item_person ON profile_item (person, kind, id);
CREATE INDEX profile_item_organisation ON profile_item (organisation, id) WHERE state = 'submitted';
CREATE INDEX profile_item_remind ON profile_item (remind_on) WHERE remind_on IS NOT NULL;

-- Cases that use a record. A case keeps a copy of what it used; this is for "used in".
CREATE TABLE profile_use (
  item TEXT NOT NULL REFERENCES profile_item (id) ON DELETE CASCADE,
  object_type TEXT NOT NULL,
  object_id TEXT NOT NULL,
  PRIMARY KEY (item, object_type, object_id)
) STRICT, WITHOUT ROWID;

-- A consent is never changed but for its withdrawal: it proves what was agreed to and when.
CREATE TABLE consent (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES person (id),
  purpose TEXT NOT NULL,
  -- Version of the text in schemas/consents, and its SHA-256 as it was shown.
  version TEXT NOT NULL, digest TEXT NOT NULL,
  lang TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('sign_in', 'code', 'signature', 'state_service')),
  given_at TEXT NOT NULL, until TEXT NOT NULL,
  withdrawn_at TEXT
) STRICT;
CREATE INDEX consent_person ON consent (person, purpose, given_at);
-- One living consent a person and purpose.
CREATE UNIQUE INDEX consent_living ON consent (person, purpose) WHERE withdrawn_at IS NULL;

CREATE TABLE saved_vacancy (
  account TEXT NOT NULL REFERENCES account (id),
  vacancy TEXT NOT NULL REFERENCES vacancy (id),
  at TEXT NOT NULL,
  PRIMARY KEY (account, vacancy)
) STRICT, WITHOUT ROWID;

-- A wish to have the account deleted: it happens at due_at unless it is called off.
CREATE TABLE deletion (
  account TEXT PRIMARY KEY REFERENCES account (id),
  asked_at TEXT NOT NULL, due_at TEXT NOT NULL,
  done_at TEXT
) STRICT;
CREATE INDEX deletion_due ON deletion (due_at) WHERE done_at IS NULL;
