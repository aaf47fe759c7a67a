CREATE TABLE plan (
  generation INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  definitions BLOB NOT NULL,
  layout_keys BLOB NOT NULL,
  fingerprint TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE email (
  email TEXT NOT NULL PRIMARY KEY,
  contact BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX email_contact ON email (contact);

-- Tags set by hand or by a step.
CREATE TABLE lasting_tag (
  contact BLOB NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (contact, tag)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: a number that one process still means to remove must never come again for another call.
CREATE TABLE unresolved (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  subject TEXT NOT NULL,
  call BLOB NOT NULL
) STRICT;

CREATE TABLE parked_input (
  number INTEGER PRIMARY KEY,
  door TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE INDEX parked_input_at ON parked_input (at);
