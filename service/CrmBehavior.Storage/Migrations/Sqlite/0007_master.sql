-- The contact that this one was merged into; what names this one counts for that.
ALTER TABLE profile ADD COLUMN master BLOB;
CREATE INDEX profile_master ON profile (master) WHERE master IS NOT NULL;
