-- Screenshots that somebody without an account sends to the service desk belong to nobody who could
-- be asked: to this row. It has no account, no name, no contacts.
INSERT INTO person (id, surname, name, created_at) VALUES ('guest', '', '', '2026-01-01T00:00:00.000Z');
