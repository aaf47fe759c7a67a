-- Whose a parked event is, so that it goes with the contact.
ALTER TABLE parked_input ADD COLUMN contact uuid;
CREATE INDEX parked_input_contact ON parked_input (contact) WHERE contact IS NOT NULL;
