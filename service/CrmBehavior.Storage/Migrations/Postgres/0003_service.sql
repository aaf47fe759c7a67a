CREATE TABLE plan (
  generation integer NOT NULL PRIMARY KEY,
  at bigint NOT NULL,
  definitions bytea NOT NULL,
  layout_keys bytea NOT NULL,
  fingerprint text NOT NULL
);

CREATE TABLE setting (
  name text NOT NULL PRIMARY KEY,
  value text NOT NULL
);

CREATE TABLE email (
  email text COLLATE "C" NOT NULL PRIMARY KEY,
  contact uuid NOT NULL
);
CREATE INDEX email_contact ON email (contact);

-- Tags set by hand or by a step.
CREATE TABLE lasting_tag (
  contact uuid NOT NULL,
  tag text NOT NULL,
  PRIMARY KEY (contact, tag)
);

CREATE TABLE unresolved (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject text NOT NULL,
  call bytea NOT NULL
);

CREATE TABLE parked_input (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  door text NOT NULL,
  reason text NOT NULL,
  at bigint NOT NULL,
  content bytea NOT NULL
);
CREATE INDEX parked_input_at ON parked_input (at);
