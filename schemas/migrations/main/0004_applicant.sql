-- People who apply: accounts without a login of their own, entered by a one-time code, a password
-- or a passkey.

ALTER TABLE account ADD COLUMN kind TEXT NOT NULL DEFAULT 'staff' CHECK (kind IN ('staff', 'applicant'));
-- How the session was opened. Roles count only in a session opened with a second factor.
ALTER TABLE session ADD COLUMN factor TEXT NOT NULL DEFAULT 'full' CHECK (factor IN ('full', 'code', 'password', 'passkey'));

-- Phones (E.164) and e-mails (lower case) that somebody has proved to hold.
CREATE TABLE contact (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  kind TEXT NOT NULL CHECK (kind IN ('phone', 'email')),
  value TEXT NOT NULL,
  verified_at TEXT NOT NULL,
  UNIQUE (kind, value)
) STRICT;
CREATE INDEX contact_account ON contact (account);

-- A code that was sent. The code itself is not here: `code` is SHA-256 over the token, which only
-- the person's browser holds, and the code. Rows are removed after two days.
CREATE TABLE sign_in_code (
  -- SHA-256 of the token.
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('phone', 'email')),
  value TEXT NOT NULL,
  -- The account that adds this contact; NULL = signing in.
  account TEXT,
  code TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  -- Keyed hash of the address it was asked from, good for a day: for limits only.
  network TEXT NOT NULL,
  sent_at TEXT NOT NULL,
  until TEXT NOT NULL,
  done_at TEXT
) STRICT;
CREATE INDEX sign_in_code_value ON sign_in_code (kind, value, sent_at);
CREATE INDEX sign_in_code_network ON sign_in_code (network, sent_at);
CREATE INDEX sign_in_code_sent ON sign_in_code (sent_at);

-- Passkeys (WebAuthn). `key` is the public key: uncompressed P-256 point, base64url.
CREATE TABLE passkey (
  -- Credential id, base64url.
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  key TEXT NOT NULL,
  counter INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL, used_at TEXT
) STRICT;
CREATE INDEX passkey_account ON passkey (account);

-- Challenges of WebAuthn, good once and for minutes.
CREATE TABLE passkey_challenge (
  -- SHA-256 of the challenge.
  id TEXT PRIMARY KEY,
  -- The account that adds a passkey; NULL = signing in.
  account TEXT,
  until TEXT NOT NULL
) STRICT;
