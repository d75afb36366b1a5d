CREATE TABLE igate_definition (
	digest VARCHAR COLLATE "C" NOT NULL, 
	text VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (digest)
);
--
CREATE TABLE igate_dossier (
	code VARCHAR COLLATE "C" NOT NULL, 
	procedure VARCHAR COLLATE "C" NOT NULL, 
	revision VARCHAR COLLATE "C" NOT NULL, 
	agency VARCHAR COLLATE "C" NOT NULL, 
	channel VARCHAR COLLATE "C" NOT NULL, 
	"case" VARCHAR COLLATE "C" NOT NULL, 
	area VARCHAR COLLATE "C" NOT NULL, 
	applicant VARCHAR COLLATE "C" NOT NULL, 
	applicant_id VARCHAR COLLATE "C" NOT NULL, 
	representatives VARCHAR COLLATE "C" NOT NULL, 
	state VARCHAR COLLATE "C" NOT NULL, 
	national_status INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	submitted_at BIGINT NOT NULL, 
	received_at BIGINT, 
	due_at BIGINT, 
	finished_at BIGINT, 
	returned_at BIGINT, 
	outcome VARCHAR COLLATE "C", 
	definition VARCHAR COLLATE "C" NOT NULL, 
	parent VARCHAR COLLATE "C" NOT NULL, 
	started_at BIGINT, 
	reopened INTEGER NOT NULL, 
	assignee VARCHAR COLLATE "C" NOT NULL, 
	recorded_at BIGINT, 
	head VARCHAR COLLATE "C" NOT NULL, 
	image VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (code)
);
--
CREATE TABLE igate_meta (
	key VARCHAR COLLATE "C" NOT NULL, 
	value VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (key)
);
--
CREATE TABLE igate_serial (
	agency VARCHAR COLLATE "C" NOT NULL, 
	day VARCHAR COLLATE "C" NOT NULL, 
	last BIGINT NOT NULL, 
	PRIMARY KEY (agency, day)
);
--
CREATE TABLE igate_attachment (
	dossier VARCHAR COLLATE "C" NOT NULL, 
	number INTEGER NOT NULL, 
	name VARCHAR COLLATE "C" NOT NULL, 
	digest VARCHAR COLLATE "C" NOT NULL, 
	size BIGINT NOT NULL, 
	signature VARCHAR COLLATE "C" NOT NULL, 
	added_at BIGINT NOT NULL, 
	PRIMARY KEY (dossier, number), 
	FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
);
--
CREATE TABLE igate_entry (
	dossier VARCHAR COLLATE "C" NOT NULL, 
	seq INTEGER NOT NULL, 
	action VARCHAR COLLATE "C" NOT NULL, 
	source VARCHAR COLLATE "C", 
	target VARCHAR COLLATE "C" NOT NULL, 
	happened_at BIGINT NOT NULL, 
	recorded_at BIGINT NOT NULL, 
	actor VARCHAR COLLATE "C" NOT NULL, 
	role VARCHAR COLLATE "C" NOT NULL, 
	agency VARCHAR COLLATE "C" NOT NULL, 
	note VARCHAR COLLATE "C" NOT NULL, 
	clock VARCHAR COLLATE "C", 
	reason VARCHAR COLLATE "C" NOT NULL, 
	due BIGINT, 
	facts VARCHAR COLLATE "C" NOT NULL, 
	promise VARCHAR COLLATE "C", 
	key VARCHAR COLLATE "C", 
	more VARCHAR COLLATE "C", 
	seal VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (dossier, seq), 
	FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
);
--
CREATE TABLE igate_message (
	number BIGSERIAL NOT NULL, 
	dossier VARCHAR COLLATE "C" NOT NULL, 
	id VARCHAR COLLATE "C" NOT NULL, 
	body VARCHAR COLLATE "C" NOT NULL, 
	next_at BIGINT NOT NULL, 
	attempts INTEGER NOT NULL, 
	claimed_until BIGINT NOT NULL, 
	reason VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
);
--
CREATE TABLE igate_payment (
	reference VARCHAR COLLATE "C" NOT NULL, 
	dossier VARCHAR COLLATE "C" NOT NULL, 
	item VARCHAR COLLATE "C" NOT NULL, 
	amount BIGINT NOT NULL, 
	paid_at BIGINT NOT NULL, 
	channel VARCHAR COLLATE "C" NOT NULL, 
	outcome VARCHAR COLLATE "C" NOT NULL, 
	recorded_at BIGINT NOT NULL, 
	PRIMARY KEY (reference), 
	FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
);
--
CREATE TABLE igate_person (
	dossier VARCHAR COLLATE "C" NOT NULL, 
	ref VARCHAR COLLATE "C" NOT NULL, 
	text VARCHAR COLLATE "C" NOT NULL, 
	folded VARCHAR COLLATE "C" NOT NULL, 
	turned VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (dossier, ref), 
	FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
);
--
CREATE TABLE igate_reference (
	dossier VARCHAR COLLATE "C" NOT NULL, 
	system VARCHAR COLLATE "C" NOT NULL, 
	value VARCHAR COLLATE "C" NOT NULL, 
	PRIMARY KEY (dossier, system), 
	FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
);
--
CREATE TABLE igate_task (
	dossier VARCHAR COLLATE "C" NOT NULL, 
	place VARCHAR COLLATE "C" NOT NULL, 
	role VARCHAR COLLATE "C" NOT NULL, 
	agency VARCHAR COLLATE "C" NOT NULL, 
	assignee VARCHAR COLLATE "C" NOT NULL, 
	due_at BIGINT NOT NULL, 
	step_due_at BIGINT, 
	PRIMARY KEY (dossier, place, role), 
	FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
);
--
CREATE TABLE igate_timer (
	dossier VARCHAR COLLATE "C" NOT NULL, 
	kind VARCHAR COLLATE "C" NOT NULL, 
	about VARCHAR COLLATE "C" NOT NULL, 
	due_at BIGINT NOT NULL, 
	claimed_until BIGINT NOT NULL, 
	PRIMARY KEY (dossier, kind, about), 
	FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
);
--
CREATE INDEX igate_dossier_by_agency ON igate_dossier (agency, code);
--
CREATE INDEX igate_dossier_by_due ON igate_dossier (due_at, code);
--
CREATE INDEX igate_dossier_by_procedure ON igate_dossier (procedure, code);
--
CREATE INDEX igate_dossier_by_state ON igate_dossier (state, code);
--
CREATE INDEX igate_dossier_by_submission ON igate_dossier (submitted_at, code);
--
CREATE INDEX igate_dossier_parent ON igate_dossier (parent) WHERE parent <> '';
--
CREATE INDEX igate_dossier_pending ON igate_dossier (procedure, revision, definition) WHERE outcome IS NULL AND finished_at IS NULL;
--
CREATE UNIQUE INDEX igate_entry_key ON igate_entry (key) WHERE key IS NOT NULL;
--
CREATE INDEX igate_message_by_time ON igate_message (next_at, number);
--
CREATE INDEX igate_message_by_turn ON igate_message (dossier, number);
--
CREATE INDEX igate_payment_by_dossier ON igate_payment (dossier);
--
CREATE INDEX igate_person_by_given_name ON igate_person (turned, dossier);
--
CREATE INDEX igate_person_by_name ON igate_person (folded, dossier);
--
CREATE INDEX igate_reference_by_value ON igate_reference (value, system, dossier);
--
CREATE INDEX igate_task_by_agency ON igate_task (agency, role, due_at, dossier);
--
CREATE INDEX igate_task_by_assignee ON igate_task (assignee, due_at, dossier) WHERE assignee <> '';
--
CREATE INDEX igate_task_by_role ON igate_task (role, due_at, dossier);
--
CREATE INDEX igate_timer_by_due ON igate_timer (claimed_until, due_at);
--
CREATE FUNCTION igate_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$;
--
CREATE FUNCTION igate_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
IF NEW.seq <> 1 + (SELECT coalesce(max(seq), 0) FROM igate_entry WHERE dossier = NEW.dossier) THEN
RAISE EXCEPTION 'a journal only grows: entries are numbered without a gap' USING ERRCODE = 'integrity_constraint_violation';
END IF;
RETURN NEW;
END $$;
--
CREATE TRIGGER igate_entry_no_update BEFORE UPDATE ON igate_entry FOR EACH ROW EXECUTE FUNCTION igate_refuse('a journal only grows: an entry is not changed');
--
CREATE TRIGGER igate_entry_no_delete BEFORE DELETE ON igate_entry FOR EACH ROW EXECUTE FUNCTION igate_refuse('a journal only grows: an entry is not deleted');
--
CREATE TRIGGER igate_dossier_no_delete BEFORE DELETE ON igate_dossier FOR EACH ROW EXECUTE FUNCTION igate_refuse('a journal only grows: a dossier is not deleted');
--
CREATE TRIGGER igate_definition_no_update BEFORE UPDATE ON igate_definition FOR EACH ROW EXECUTE FUNCTION igate_refuse('what was promised is kept: a definition is not changed');
--
CREATE TRIGGER igate_definition_no_delete BEFORE DELETE ON igate_definition FOR EACH ROW EXECUTE FUNCTION igate_refuse('what was promised is kept: a definition is not deleted');
--
CREATE TRIGGER igate_payment_no_update BEFORE UPDATE ON igate_payment FOR EACH ROW EXECUTE FUNCTION igate_refuse('what was paid stays: a payment is not changed');
--
CREATE TRIGGER igate_payment_no_delete BEFORE DELETE ON igate_payment FOR EACH ROW EXECUTE FUNCTION igate_refuse('what was paid stays: a payment is not deleted');
--
CREATE TRIGGER igate_entry_is_next BEFORE INSERT ON igate_entry
FOR EACH ROW EXECUTE FUNCTION igate_next();
--
CREATE TRIGGER igate_dossier_by_entry BEFORE UPDATE ON igate_dossier
FOR EACH ROW WHEN (NEW.seq <> OLD.seq + 1 OR NEW.head = OLD.head) EXECUTE FUNCTION igate_refuse('a journal only grows: the row of a dossier changes with its next entry alone');
--
INSERT INTO igate_meta VALUES ('schema_version', '4');
