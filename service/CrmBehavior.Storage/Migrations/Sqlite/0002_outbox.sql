-- Instants here are of the wall clock, but for at. state: 0 pending, 1 uncertain, 2 parked.
-- due: when it is carried out; ready: the earliest moment when it may be if nobody waits for company.
-- since: when it came, for a parked one when it was parked. fence starts at a random number, so that a row that comes again
-- under the same id is never mistaken for its predecessor.
CREATE TABLE outbox (
  id BLOB NOT NULL PRIMARY KEY,
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
  body BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (kind, due, contact) WHERE state < 2;
CREATE INDEX outbox_contact ON outbox (contact);
CREATE INDEX outbox_state ON outbox (state, since);
