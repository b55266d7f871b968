-- The index of vacancies. Three lists of the same documents, each in the order of one sorting:
-- the ROWID IS the sort key, so that `MATCH … ORDER BY rowid LIMIT 21` reads the first 21
-- matches and stops, whatever the number of vacancies is.
--   by_ending: minute of closing      << 28 | number    (soonest first)
--   by_newest: inverted minute of publication << 28 | number
--   by_pay: inverted monthly pay   << 28 | number
-- The tokens are made by domain::search::index: every token begins with the letter of its class,
-- filters are tokens too. Nothing but tokens is kept (no content, no positions).
CREATE VIRTUAL TABLE by_ending USING fts5(t, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'");
CREATE VIRTUAL TABLE by_newest USING fts5(t, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'");
CREATE VIRTUAL TABLE by_pay USING fts5(t, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'");

-- What is counted and compared, narrow: up to a thousand rows of it are read for the facets.
CREATE TABLE fact (
  number INTEGER PRIMARY KEY,
  vacancy TEXT NOT NULL UNIQUE,
  ending INTEGER NOT NULL, newest INTEGER NOT NULL, paying INTEGER NOT NULL,
  -- Milliseconds since 1970.
  closes_at INTEGER NOT NULL,
  -- Tenge a month; 0 = not said.
  pay INTEGER NOT NULL,
  lat REAL, lon REAL,
  region TEXT NOT NULL, district TEXT NOT NULL,
  grp TEXT NOT NULL, position TEXT NOT NULL, subject TEXT NOT NULL,
  language TEXT NOT NULL, type TEXT NOT NULL, term TEXT NOT NULL, rate TEXT NOT NULL,
  -- JSON array of codes.
  extras TEXT NOT NULL
) STRICT;
CREATE INDEX fact_closes ON fact (closes_at);

-- The card as each language shows it: JSON of domain::search::api::Card.
CREATE TABLE card (
  number INTEGER PRIMARY KEY,
  slug TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  kk TEXT NOT NULL, ru TEXT NOT NULL, en TEXT NOT NULL
) STRICT;
CREATE INDEX card_slug ON card (slug, changed_at);

-- How many vacancies have a value: the counts of a search without filters.
CREATE TABLE tally (
  facet TEXT NOT NULL, code TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (facet, code)
) STRICT, WITHOUT ROWID;

-- Names and places of the main database, so that one database answers a search.
CREATE TABLE name (
  facet TEXT NOT NULL, code TEXT NOT NULL,
  kk TEXT NOT NULL, ru TEXT NOT NULL, en TEXT NOT NULL,
  lat REAL, lon REAL,
  PRIMARY KEY (facet, code)
) STRICT, WITHOUT ROWID;

-- The runtime allows five terms in a compound SELECT, so the pairs come as JSON.
CREATE TRIGGER fact_came AFTER INSERT ON fact BEGIN
  INSERT INTO tally (facet, code, n)
  SELECT value ->> 0, value ->> 1, 1 FROM json_each(json_array(
      json_array('total', ''), json_array('region', NEW.region), json_array('district', NEW.district),
      json_array('group', NEW.grp), json_array('position', NEW.position), json_array('subject', NEW.subject),
      json_array('language', NEW.language), json_array('type', NEW.type), json_array('term', NEW.term),
      json_array('rate', NEW.rate)))
  WHERE true ON CONFLICT DO UPDATE SET n = n + 1;
  INSERT INTO tally (facet, code, n)
  SELECT 'extra', value, 1 FROM json_each(NEW.extras) WHERE true
  ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER fact_gone AFTER DELETE ON fact BEGIN
  UPDATE tally SET n = n - 1 WHERE (facet, code) IN (
    SELECT value ->> 0, value ->> 1 FROM json_each(json_array(
      json_array('total', ''), json_array('region', OLD.region), json_array('district', OLD.district),
      json_array('group', OLD.grp), json_array('position', OLD.position), json_array('subject', OLD.subject),
      json_array('language', OLD.language), json_array('type', OLD.type), json_array('term', OLD.term),
      json_array('rate', OLD.rate))));
  UPDATE tally SET n = n - 1 WHERE facet = 'extra' AND code IN (SELECT value FROM json_each(OLD.extras));
  DELETE FROM by_ending WHERE rowid = OLD.ending;
  DELETE FROM by_newest WHERE rowid = OLD.newest;
  DELETE FROM by_pay WHERE rowid = OLD.paying;
  DELETE FROM card WHERE number = OLD.number;
END;
