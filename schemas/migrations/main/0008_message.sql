-- Telling people: notices (the inbox), messages (what leaves by a gateway), how people want to be
-- told, edited texts, gateways and their alarms, alerts about new vacancies.

CREATE TABLE notice (
  id TEXT PRIMARY KEY,
  -- Key of the event `notice.created`: one telling may concern several people.
  batch TEXT NOT NULL,
  account TEXT NOT NULL REFERENCES account (id),
  event TEXT NOT NULL,
  object_type TEXT NOT NULL, object_id TEXT NOT NULL,
  -- The case and the occurrence: the same is never told twice.
  key TEXT NOT NULL,
  args TEXT NOT NULL CHECK (json_valid(args)),
  at TEXT NOT NULL,
  read_at TEXT,
  -- Day of the letter that tells it together with others.
  digest TEXT,
  UNIQUE (account, event, key)
) STRICT;
CREATE INDEX notice_account ON notice (account, id);
CREATE INDEX notice_unread ON notice (account) WHERE read_at IS NULL;
CREATE INDEX notice_batch ON notice (batch);
CREATE INDEX notice_digest ON notice (account, digest) WHERE digest IS NOT NULL;

-- States: queued -> sending -> sent -> delivered; queued again after a failure that passes; dead
-- after the last; failed where no gateway will ever take it; unsure where a gateway may have it
-- and cannot be asked; suppressed where the person does not want it.
CREATE TABLE message (
  -- Also the idempotency key for gateways that know one.
  id TEXT PRIMARY KEY,
  notice TEXT,
  event TEXT NOT NULL,
  key TEXT NOT NULL,
  -- Account, or the address itself where there is none; a push has its device behind a colon.
  recipient TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('sms', 'email', 'push')),
  address TEXT NOT NULL,
  lang TEXT NOT NULL,
  args TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(args)),
  -- Where it leads and how it is stopped: paths of the portal.
  link TEXT NOT NULL DEFAULT '', stop TEXT NOT NULL DEFAULT '',
  latin INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN
    ('queued', 'sending', 'sent', 'delivered', 'failed', 'dead', 'unsure', 'suppressed', 'expired')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at TEXT,
  -- Last time its id went into the queue: the queue may lose it.
  enqueued_at TEXT,
  -- Who is sending it now, and until when nobody else may.
  claim TEXT, claimed_until TEXT,
  -- The gateway that has it or may have it: it is asked before anything is sent again.
  gateway TEXT, provider_id TEXT,
  -- Whether the last try ended without a word from the gateway.
  doubt INTEGER NOT NULL DEFAULT 0,
  subject TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '',
  parts INTEGER NOT NULL DEFAULT 0,
  -- Hundredths of a tenge.
  cost INTEGER,
  error TEXT,
  queued_at TEXT NOT NULL, sent_at TEXT, delivered_at TEXT,
  -- When the gateway is asked whether it arrived, and how often it was.
  check_at TEXT, checks INTEGER NOT NULL DEFAULT 0,
  UNIQUE (event, key, recipient, channel)
) STRICT;
CREATE INDEX message_due ON message (next_at) WHERE state = 'queued';
CREATE INDEX message_claimed ON message (claimed_until) WHERE state = 'sending';
CREATE INDEX message_check ON message (check_at) WHERE check_at IS NOT NULL;
CREATE INDEX message_queued ON message (queued_at);
CREATE INDEX message_address ON message (address, queued_at);

CREATE TABLE preference (
  account TEXT PRIMARY KEY REFERENCES account (id),
  -- {"application": ["sms", "email", "push"], …}; groups that are missing have the usual channels.
  groups TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(groups)),
  quiet INTEGER NOT NULL DEFAULT 1 CHECK (quiet IN (0, 1)),
  digest INTEGER NOT NULL DEFAULT 0 CHECK (digest IN (0, 1)),
  latin INTEGER NOT NULL DEFAULT 0 CHECK (latin IN (0, 1)),
  -- In the address that stops letters with one press. It must be the same in every letter, so it
  -- is kept as it is; it opens nothing but this.
  stop TEXT NOT NULL UNIQUE
) STRICT;

-- Addresses that said no: a bounce, a complaint, a subscription that is gone.
CREATE TABLE message_block (
  channel TEXT NOT NULL, address TEXT NOT NULL,
  reason TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (channel, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE push_subscription (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  endpoint TEXT NOT NULL UNIQUE,
  p256dh TEXT NOT NULL, auth TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX push_subscription_account ON push_subscription (account);

-- Edited texts. The newest version counts; an empty text is the shipped one again.
CREATE TABLE message_template (
  event TEXT NOT NULL, part TEXT NOT NULL, version INTEGER NOT NULL,
  kk TEXT NOT NULL, ru TEXT NOT NULL, en TEXT NOT NULL,
  changed_by TEXT NOT NULL, changed_at TEXT NOT NULL,
  PRIMARY KEY (event, part, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE gateway (
  name TEXT PRIMARY KEY,
  failures INTEGER NOT NULL DEFAULT 0,
  open_until TEXT,
  balance INTEGER, balance_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE gateway_alarm (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  gateway TEXT NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL,
  opened_at TEXT NOT NULL, closed_at TEXT
) STRICT;
CREATE UNIQUE INDEX gateway_alarm_open ON gateway_alarm (gateway, kind) WHERE closed_at IS NULL;

-- An alert about new vacancies: an address, a search, how often. No account is needed.
CREATE TABLE subscription (
  id TEXT PRIMARY KEY,
  account TEXT REFERENCES account (id),
  channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
  address TEXT NOT NULL,
  lang TEXT NOT NULL,
  -- Query string of the list page, in its stable order.
  query TEXT NOT NULL,
  name TEXT NOT NULL,
  period TEXT NOT NULL CHECK (period IN ('daily', 'weekly')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'stopped')),
  -- SHA-256 of the code and of the secret in the link that confirm the address.
  code TEXT, confirm TEXT, confirm_until TEXT, tries INTEGER NOT NULL DEFAULT 0,
  -- In the links of every message, so it is kept as it is; it opens this alert and nothing else.
  secret TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL, confirmed_at TEXT, stopped_at TEXT,
  -- Vacancies published before it are not told.
  since TEXT NOT NULL,
  next_at TEXT,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX subscription_once ON subscription (channel, address, query) WHERE state = 'active';
CREATE INDEX subscription_due ON subscription (next_at) WHERE state = 'active';
CREATE INDEX subscription_account ON subscription (account) WHERE account IS NOT NULL;
CREATE INDEX subscription_address ON subscription (address, created_at);
CREATE UNIQUE INDEX subscription_confirm ON subscription (confirm) WHERE confirm IS NOT NULL;

-- What an alert has told: the same vacancy is never told twice.
CREATE TABLE subscription_told (
  subscription TEXT NOT NULL REFERENCES subscription (id) ON DELETE CASCADE,
  vacancy INTEGER NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (subscription, vacancy)
) STRICT, WITHOUT ROWID;
