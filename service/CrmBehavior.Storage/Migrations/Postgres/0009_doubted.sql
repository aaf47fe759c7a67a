-- Since when it is not known whether the provider has a mail.
ALTER TABLE outbox ADD COLUMN doubted bigint;
-- What the provider tells of a mail settles it in any state, and names the mail alone.
CREATE INDEX outbox_mail ON outbox (id) WHERE kind = 'mail';
