-- Vacancies and what belongs to publishing them.

CREATE TABLE vacancy (
  id TEXT PRIMARY KEY,
  -- Short number for people: in the address, on paper, on the phone.
  number INTEGER NOT NULL UNIQUE,
  slug TEXT NOT NULL UNIQUE,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  state TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  -- What the clerk wrote, as JSON (domain::vacancy::model::Content).
  content TEXT NOT NULL CHECK (json_valid(content)),
  -- For lists only: taken from the content at every save.
  position TEXT NOT NULL, subject TEXT,
  -- The rule edition of the day on which it was opened; kept to its end.
  procedure TEXT NOT NULL, edition TEXT NOT NULL,
  publish_at TEXT, published_at TEXT,
  accept_from TEXT, accept_to TEXT, closes_at TEXT,
  extensions INTEGER NOT NULL DEFAULT 0,
  outcome TEXT CHECK (outcome IS NULL OR json_valid(outcome)),
  -- Key of the import row it came from: the same row changes nothing the second time.
  source TEXT UNIQUE,
  created_by TEXT NOT NULL, created_at TEXT NOT NULL,
  changed_by TEXT NOT NULL, changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX vacancy_organisation ON vacancy (organisation, state, closes_at);
CREATE INDEX vacancy_changed ON vacancy (changed_at, id);
-- The sweep asks: what is due to open or to close?
CREATE INDEX vacancy_due_open ON vacancy (publish_at) WHERE state = 'scheduled';
CREATE INDEX vacancy_due_close ON vacancy (closes_at) WHERE state IN ('published', 'paused');

-- Addresses that were once published lead to the vacancy for ever.
CREATE TABLE vacancy_slug (
  slug TEXT PRIMARY KEY,
  vacancy TEXT NOT NULL REFERENCES vacancy (id)
) STRICT, WITHOUT ROWID;

-- Views: a count a day, language and kind of source; no person, no address, no device.
CREATE TABLE vacancy_view (
  vacancy TEXT NOT NULL,
  day TEXT NOT NULL,
  lang TEXT NOT NULL,
  source TEXT NOT NULL,
  n INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (vacancy, day, lang, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE vacancy_template (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  name TEXT NOT NULL,
  content TEXT NOT NULL CHECK (json_valid(content)),
  version INTEGER NOT NULL DEFAULT 1,
  created_by TEXT NOT NULL, changed_at TEXT NOT NULL,
  closed_at TEXT
) STRICT;
CREATE INDEX vacancy_template_organisation ON vacancy_template (organisation);

-- The numbers of vacancies: one row.
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('vacancy', 1000);
