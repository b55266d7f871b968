-- The service desk: messages of users with a number, a page of their own and an answer in time.

INSERT INTO counter (name, value) VALUES ('ticket', 1000);

CREATE TABLE ticket (
  id TEXT PRIMARY KEY,
  -- Number for people; shown as T-1001.
  number INTEGER NOT NULL UNIQUE,
  -- SHA-256 of the secret in the address of its page.
  secret TEXT NOT NULL UNIQUE,
  -- SHA-256 of the proof of work: a proof is good once. NULL for people who are signed in.
  work TEXT UNIQUE,
  account TEXT REFERENCES account (id),
  email TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL,
  topic TEXT NOT NULL CHECK (topic IN ('problem', 'suggestion', 'question', 'correction', 'praise')),
  severity TEXT NOT NULL DEFAULT 'usual' CHECK (severity IN ('down', 'high', 'usual')),
  -- Address of the page it was written on, roles of the writer, browser and system in words.
  screen TEXT NOT NULL DEFAULT '', role TEXT NOT NULL DEFAULT '', device TEXT NOT NULL DEFAULT '',
  file TEXT,
  state TEXT NOT NULL CHECK (state IN ('new', 'in_work', 'waiting', 'resolved', 'closed', 'merged')),
  assigned TEXT REFERENCES account (id),
  -- Until when the first answer is due, and when it was given.
  due_at TEXT NOT NULL, answered_at TEXT,
  -- Since when the present state holds.
  since TEXT NOT NULL,
  reminded_at TEXT,
  -- Article of the help that answers it; ticket it was merged into.
  article TEXT NOT NULL DEFAULT '', merged_into TEXT REFERENCES ticket (id),
  score INTEGER CHECK (score BETWEEN 1 AND 5), score_text TEXT NOT NULL DEFAULT '', scored_at TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX ticket_state ON ticket (state, due_at);
CREATE INDEX ticket_created ON ticket (created_at);
CREATE INDEX ticket_scored ON ticket (scored_at) WHERE scored_at IS NOT NULL;
CREATE INDEX ticket_account ON ticket (account) WHERE account IS NOT NULL;

CREATE TABLE ticket_message (
  id TEXT PRIMARY KEY,
  ticket TEXT NOT NULL REFERENCES ticket (id),
  at TEXT NOT NULL,
  -- user: who wrote the ticket; desk: an answer; note: seen by the desk alone.
  kind TEXT NOT NULL CHECK (kind IN ('user', 'desk', 'note')),
  account TEXT,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX ticket_message_ticket ON ticket_message (ticket, id);
