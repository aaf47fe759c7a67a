-- All that a call that waits says of who it is; what comes later of one of these waits behind it, in any process.
CREATE TABLE unresolved_subject (
  subject TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (subject, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX unresolved_subject_number ON unresolved_subject (number);
INSERT INTO unresolved_subject (subject, number) SELECT subject, number FROM unresolved;
