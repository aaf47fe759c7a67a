CREATE TABLE visitor (
  visitor TEXT NOT NULL PRIMARY KEY,
  contact BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visitor_contact ON visitor (contact);

CREATE TABLE profile (
  contact BLOB NOT NULL PRIMARY KEY,
  state BLOB NOT NULL,
  generation INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  due INTEGER
) STRICT;
CREATE INDEX profile_due ON profile (due) WHERE due IS NOT NULL;
CREATE INDEX profile_generation ON profile (generation);

-- number: day of receipt since 1970-01-01 times 2^40, plus a count: rows are appended, and the oldest days are one range at the front.
-- key: the id as 64 bits; an event in the log is its own key against repetition.
CREATE TABLE event (
  number INTEGER PRIMARY KEY,
  contact BLOB NOT NULL,
  key INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  received INTEGER NOT NULL,
  at INTEGER NOT NULL,
  now INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX event_contact ON event (contact, key);

-- Keys of events that left the log before their time. week: since 1970-01-01; first, so that old weeks are one range.
CREATE TABLE seen (
  week INTEGER NOT NULL,
  contact BLOB NOT NULL,
  key INTEGER NOT NULL,
  PRIMARY KEY (week, contact, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept (
  number INTEGER PRIMARY KEY,
  visitor TEXT NOT NULL,
  key INTEGER NOT NULL,
  received INTEGER NOT NULL,
  at INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX kept_visitor ON kept (visitor, key);
CREATE INDEX kept_received ON kept (received);

-- number: as in event, by the day of the decision.
CREATE TABLE decision (
  number INTEGER PRIMARY KEY,
  contact BLOB NOT NULL,
  ordinal INTEGER NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  definition TEXT NOT NULL,
  kind TEXT NOT NULL,
  effect TEXT NOT NULL,
  line BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX decision_contact ON decision (contact, ordinal);

CREATE TABLE erased (
  mark BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
