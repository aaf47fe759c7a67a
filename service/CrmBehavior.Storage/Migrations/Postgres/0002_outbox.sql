-- Instants here are of the wall clock, but for at. state: 0 pending, 1 uncertain, 2 parked.
-- due: when it is carried out; ready: the earliest moment when it may be if nobody waits for company.
-- since: when it came, for a parked one when it was parked. fence starts at a random number, so that a row that comes again
-- under the same id is never mistaken for its predecessor.
CREATE TABLE outbox (
  id uuid NOT NULL PRIMARY KEY,
  contact uuid NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  at bigint NOT NULL,
  state smallint NOT NULL,
  due bigint NOT NULL,
  ready bigint NOT NULL,
  since bigint NOT NULL,
  attempts integer NOT NULL,
  fence bigint NOT NULL,
  revision bigint NOT NULL,
  lease_until bigint NOT NULL,
  lease_owner text NOT NULL,
  reason text NOT NULL,
  body bytea NOT NULL
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX outbox_due ON outbox (kind, due, contact) WHERE state < 2;
CREATE INDEX outbox_contact ON outbox (contact);
CREATE INDEX outbox_state ON outbox (state, since);
