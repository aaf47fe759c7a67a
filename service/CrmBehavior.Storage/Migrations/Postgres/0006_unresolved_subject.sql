-- All that a call that waits says of who it is; what comes later of one of these waits behind it, in any process.
CREATE TABLE unresolved_subject (
  subject text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  PRIMARY KEY (subject, number)
);
CREATE INDEX unresolved_subject_number ON unresolved_subject (number);
INSERT INTO unresolved_subject (subject, number) SELECT subject, number FROM unresolved;
