-- The index of the bank of test items, derived from `item` and `item_version`. ROWID = item.number,
-- so that the newest come first and a page stops after itself. Tokens are made by
-- domain::bank::index: stems of the words of both languages, filters as tokens.
CREATE VIRTUAL TABLE item_index USING fts5(t, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_'");

-- Bands of minimum hashes: items that are alike share at least one (domain::bank::likeness).
CREATE TABLE item_band (
  band INTEGER NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (band, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_band_number ON item_band (number);
