-- Anonymous reports. What is here may be stolen, copied, subpoenaed: it holds sealed bytes of a few
-- sizes, days, and keys that open nothing.
--
-- No table has a rowid or a number that grows: the primary keys are hashes or random, so they tell
-- no order of arrival. No time is finer than a day. There is no address, no browser, no channel and
-- no name of who can read.

-- Reports (kind 1) and what their reporters added (kind 2).
CREATE TABLE item (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
  mailbox BLOB NOT NULL CHECK (length(mailbox) = 32),
  case_key BLOB NOT NULL CHECK (length(case_key) = 32),
  envelope BLOB NOT NULL CHECK (length(envelope) IN (13560, 25848, 75000)),
  received_day TEXT NOT NULL CHECK (received_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  released INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)),
  confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed IN (0, 1)),
  closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
  purge_day TEXT NOT NULL CHECK (purge_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) WITHOUT ROWID;
CREATE INDEX item_day ON item (received_day, released);
CREATE INDEX item_mailbox ON item (mailbox);
CREATE INDEX item_case ON item (case_key);
CREATE INDEX item_purge ON item (purge_day);

-- Letters to reporters, officers and custodians.
CREATE TABLE letter (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  mailbox BLOB NOT NULL CHECK (length(mailbox) = 32),
  body BLOB NOT NULL CHECK (length(body) = 5248),
  purge_day TEXT NOT NULL CHECK (purge_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) WITHOUT ROWID;
CREATE INDEX letter_mailbox ON letter (mailbox);
CREATE INDEX letter_purge ON letter (purge_day);

-- Chunks of attachments. Nothing says whose: the number is computed by whoever opens the report.
CREATE TABLE chunk (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  body BLOB NOT NULL CHECK (length(body) = 65552),
  purge_day TEXT NOT NULL CHECK (purge_day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) WITHOUT ROWID;
CREATE INDEX chunk_purge ON chunk (purge_day);

-- The signed directory of keys, and the signing keys in it.
CREATE TABLE directory (
  name TEXT NOT NULL PRIMARY KEY CHECK (name = 'keys'),
  version INTEGER NOT NULL,
  file BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE person (
  sign BLOB NOT NULL PRIMARY KEY CHECK (length(sign) = 32),
  role INTEGER NOT NULL CHECK (role IN (0, 1))
) WITHOUT ROWID;

-- One letter a day to each officer, whether anything came or not.
CREATE TABLE digest (
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  officer BLOB NOT NULL CHECK (length(officer) = 32),
  PRIMARY KEY (day, officer)
) WITHOUT ROWID;
