-- Failed sign-ins under logins that nobody has: counted as those of an account are, so that the
-- lock tells nobody which logins exist. The key is a code of the login that only this deployment
-- can make (HMAC); what was typed is not kept, it may be a password in the wrong field.
CREATE TABLE sign_in_unknown (
  key TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  failed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_unknown_failed ON sign_in_unknown (failed_at);
