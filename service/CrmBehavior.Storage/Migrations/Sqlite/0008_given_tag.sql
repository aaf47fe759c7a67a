-- Tags that segments have given: only these may be taken away again when a segment ends.
CREATE TABLE given_tag (
  contact BLOB NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (contact, tag)
) STRICT, WITHOUT ROWID;
