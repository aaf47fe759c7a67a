-- Tags that segments have given: only these may be taken away again when a segment ends.
CREATE TABLE given_tag (
  contact uuid NOT NULL,
  tag text NOT NULL,
  PRIMARY KEY (contact, tag)
);
