-- Every hot table begins with the contact, so that all of a person's rows can lie on one of many nodes.
ALTER TABLE outbox DROP CONSTRAINT outbox_pkey, ADD PRIMARY KEY (contact, id);
DROP INDEX outbox_contact;
-- For what knows the effect alone: the provider's events, and the person who has one tried again.
CREATE INDEX outbox_held ON outbox (id) WHERE state >= 1;
