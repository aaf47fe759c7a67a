-- As in PostgreSQL, where every hot table begins with the contact, and one index less to keep.
ALTER TABLE outbox RENAME TO outbox_by_id;
DROP INDEX outbox_due;
DROP INDEX outbox_contact;
DROP INDEX outbox_state;
CREATE TABLE outbox (
  id BLOB NOT NULL,
  contact BLOB NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  state INTEGER NOT NULL,
  due INTEGER NOT NULL,
  ready INTEGER NOT NULL,
  since INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  lease_owner TEXT NOT NULL,
  reason TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (contact, id)
) STRICT;
INSERT INTO outbox (id, contact, kind, key, at, state, due, ready, since, attempts, fence, revision, lease_until, lease_owner, reason, body)
SELECT id, contact, kind, key, at, state, due, ready, since, attempts, fence, revision, lease_until, lease_owner, reason, body FROM outbox_by_id;
DROP TABLE outbox_by_id;
CREATE INDEX outbox_due ON outbox (kind, due, contact) WHERE state < 2;
CREATE INDEX outbox_state ON outbox (state, since);
-- For what knows the effect alone: the provider's events, and the person who has one tried again.
CREATE INDEX outbox_held ON outbox (id) WHERE state >= 1;
