-- contact: who the visitor is, null while nobody knows. sequence: how many of its events have been kept.
CREATE TABLE visitor (
  visitor text COLLATE "C" NOT NULL PRIMARY KEY,
  contact uuid,
  sequence bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE INDEX visitor_contact ON visitor (contact) WHERE contact IS NOT NULL;

-- A row whose generation is null is only there to be locked. The room left in pages lets a state be replaced where it stands.
CREATE TABLE profile (
  contact uuid NOT NULL PRIMARY KEY,
  generation integer,
  sequence bigint NOT NULL DEFAULT 0,
  due bigint,
  state bytea NOT NULL DEFAULT ''
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX profile_due ON profile (due, contact) WHERE due IS NOT NULL;
CREATE INDEX profile_generation ON profile (generation);

-- By calendar month of receipt in UTC; the months are made when they are needed.
CREATE TABLE event (
  contact uuid NOT NULL,
  sequence bigint NOT NULL,
  received bigint NOT NULL,
  at bigint NOT NULL,
  now bigint NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (contact, sequence, received)
) PARTITION BY RANGE (received);

-- key: the id of the event as 64 bits; week: since 1970-01-01.
CREATE TABLE seen (
  contact uuid NOT NULL,
  key bigint NOT NULL,
  week integer NOT NULL,
  PRIMARY KEY (contact, key, week)
) PARTITION BY RANGE (week);

CREATE TABLE kept (
  visitor text COLLATE "C" NOT NULL,
  key bigint NOT NULL,
  sequence bigint NOT NULL,
  received bigint NOT NULL,
  at bigint NOT NULL,
  id text NOT NULL,
  name text NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (visitor, key)
);
CREATE INDEX kept_received ON kept (received);

-- By calendar month of the decision in UTC.
CREATE TABLE decision (
  contact uuid NOT NULL,
  ordinal bigint NOT NULL,
  at bigint NOT NULL,
  id uuid NOT NULL,
  definition text NOT NULL,
  kind text NOT NULL,
  effect text NOT NULL,
  line bytea NOT NULL,
  PRIMARY KEY (contact, ordinal, at)
) PARTITION BY RANGE (at);

CREATE TABLE erased (
  mark bytea NOT NULL PRIMARY KEY
);
