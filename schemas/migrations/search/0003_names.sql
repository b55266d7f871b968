-- Finding places and organisations by name. The tokens are made by domain::search::named: the
-- beginnings and stems of the folded words of all languages. SQLite knows no Kazakh, so it only
-- keeps and intersects them.

-- ROWID = KATO code.
CREATE VIRTUAL TABLE place_index USING fts5(t, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'");

-- ROWID = organisation.n.
CREATE VIRTUAL TABLE organisation_index USING fts5(t, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'");
CREATE TABLE organisation (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER organisation_gone AFTER DELETE ON organisation BEGIN
  DELETE FROM organisation_index WHERE rowid = OLD.n;
END;

-- The next sweep builds the index anew, with the names.
DELETE FROM meta WHERE name = 'rebuild';
