-- Rows of imported lists: which vacancy a row became and what it said then, so that the same row
-- changes nothing the second time and a changed one is seen as changed.
CREATE TABLE import_row (
  -- The value of vacancy.source: the key, with #2, #3 … where the vacancy of an earlier year is
  -- over and the same post is announced again.
  source TEXT PRIMARY KEY,
  -- SHA-256 of organisation, post, subject, rate, language and term.
  key TEXT NOT NULL,
  vacancy TEXT NOT NULL UNIQUE REFERENCES vacancy (id),
  -- SHA-256 of all that the row said.
  digest TEXT NOT NULL,
  -- Version of the vacancy as the import left it: a later one was edited by a person.
  version INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX import_row_key ON import_row (key);
