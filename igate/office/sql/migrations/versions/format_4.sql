CREATE TABLE igate_definition (
    digest VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    PRIMARY KEY (digest)
)
 WITHOUT ROWID
--
CREATE TABLE igate_dossier (
    code VARCHAR NOT NULL,
    procedure VARCHAR NOT NULL,
    revision VARCHAR NOT NULL,
    agency VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    "case" VARCHAR NOT NULL,
    area VARCHAR NOT NULL,
    applicant VARCHAR NOT NULL,
    applicant_id VARCHAR NOT NULL,
    representatives VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    national_status INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    submitted_at BIGINT NOT NULL,
    received_at BIGINT,
    due_at BIGINT,
    finished_at BIGINT,
    returned_at BIGINT,
    outcome VARCHAR,
    definition VARCHAR NOT NULL,
    parent VARCHAR NOT NULL,
    started_at BIGINT,
    reopened INTEGER NOT NULL,
    assignee VARCHAR NOT NULL,
    recorded_at BIGINT,
    head VARCHAR NOT NULL,
    image VARCHAR NOT NULL,
    PRIMARY KEY (code)
)
 WITHOUT ROWID
--
CREATE TABLE igate_meta (
    "key" VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    PRIMARY KEY ("key")
)
 WITHOUT ROWID
--
CREATE TABLE igate_serial (
    agency VARCHAR NOT NULL,
    day VARCHAR NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (agency, day)
)
 WITHOUT ROWID
--
CREATE TABLE igate_attachment (
    dossier VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    signature VARCHAR NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (dossier, number),
    FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
)
 WITHOUT ROWID
--
CREATE TABLE igate_entry (
    dossier VARCHAR NOT NULL,
    seq INTEGER NOT NULL,
    action VARCHAR NOT NULL,
    source VARCHAR,
    target VARCHAR NOT NULL,
    happened_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    agency VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    clock VARCHAR,
    reason VARCHAR NOT NULL,
    due BIGINT,
    facts VARCHAR NOT NULL,
    promise VARCHAR,
    "key" VARCHAR,
    more VARCHAR,
    seal VARCHAR NOT NULL,
    PRIMARY KEY (dossier, seq),
    FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
)
 WITHOUT ROWID
--
CREATE TABLE igate_message (
    number INTEGER NOT NULL,
    dossier VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    next_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    claimed_until BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    PRIMARY KEY (number),
    FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
)
--
CREATE TABLE igate_payment (
    reference VARCHAR NOT NULL,
    dossier VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    amount BIGINT NOT NULL,
    paid_at BIGINT NOT NULL,
    channel VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (reference),
    FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
)
 WITHOUT ROWID
--
CREATE TABLE igate_person (
    dossier VARCHAR NOT NULL,
    ref VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    folded VARCHAR NOT NULL,
    turned VARCHAR NOT NULL,
    PRIMARY KEY (dossier, ref),
    FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
)
 WITHOUT ROWID
--
CREATE TABLE igate_reference (
    dossier VARCHAR NOT NULL,
    system VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    PRIMARY KEY (dossier, system),
    FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
)
 WITHOUT ROWID
--
CREATE TABLE igate_task (
    dossier VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    agency VARCHAR NOT NULL,
    assignee VARCHAR NOT NULL,
    due_at BIGINT NOT NULL,
    step_due_at BIGINT,
    PRIMARY KEY (dossier, place, role),
    FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
)
 WITHOUT ROWID
--
CREATE TABLE igate_timer (
    dossier VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    due_at BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    PRIMARY KEY (dossier, kind, about),
    FOREIGN KEY(dossier) REFERENCES igate_dossier (code)
)
 WITHOUT ROWID
--
CREATE INDEX igate_dossier_by_agency ON igate_dossier (agency, code)
--
CREATE INDEX igate_dossier_by_due ON igate_dossier (due_at, code)
--
CREATE INDEX igate_dossier_by_procedure ON igate_dossier (procedure, code)
--
CREATE INDEX igate_dossier_by_state ON igate_dossier (state, code)
--
CREATE INDEX igate_dossier_by_submission ON igate_dossier (submitted_at, code)
--
CREATE INDEX igate_dossier_parent ON igate_dossier (parent) WHERE parent <> ''
--
CREATE INDEX igate_dossier_pending ON igate_dossier (procedure, revision, definition) WHERE outcome IS NULL AND finished_at IS NULL
--
CREATE UNIQUE INDEX igate_entry_key ON igate_entry ("key") WHERE key IS NOT NULL
--
CREATE INDEX igate_message_by_time ON igate_message (next_at, number)
--
CREATE INDEX igate_message_by_turn ON igate_message (dossier, number)
--
CREATE INDEX igate_payment_by_dossier ON igate_payment (dossier)
--
CREATE INDEX igate_person_by_given_name ON igate_person (turned, dossier)
--
CREATE INDEX igate_person_by_name ON igate_person (folded, dossier)
--
CREATE INDEX igate_reference_by_value ON igate_reference (value, system, dossier)
--
CREATE INDEX igate_task_by_agency ON igate_task (agency, role, due_at, dossier)
--
CREATE INDEX igate_task_by_assignee ON igate_task (assignee, due_at, dossier) WHERE assignee <> ''
--
CREATE INDEX igate_task_by_role ON igate_task (role, due_at, dossier)
--
CREATE INDEX igate_timer_by_due ON igate_timer (claimed_until, due_at)
--
CREATE TRIGGER igate_entry_no_update BEFORE UPDATE ON igate_entry
BEGIN SELECT RAISE(ABORT, 'a journal only grows: an entry is not changed'); END
--
CREATE TRIGGER igate_entry_no_delete BEFORE DELETE ON igate_entry
BEGIN SELECT RAISE(ABORT, 'a journal only grows: an entry is not deleted'); END
--
CREATE TRIGGER igate_dossier_no_delete BEFORE DELETE ON igate_dossier
BEGIN SELECT RAISE(ABORT, 'a journal only grows: a dossier is not deleted'); END
--
CREATE TRIGGER igate_definition_no_update BEFORE UPDATE ON igate_definition
BEGIN SELECT RAISE(ABORT, 'what was promised is kept: a definition is not changed'); END
--
CREATE TRIGGER igate_definition_no_delete BEFORE DELETE ON igate_definition
BEGIN SELECT RAISE(ABORT, 'what was promised is kept: a definition is not deleted'); END
--
CREATE TRIGGER igate_payment_no_update BEFORE UPDATE ON igate_payment
BEGIN SELECT RAISE(ABORT, 'what was paid stays: a payment is not changed'); END
--
CREATE TRIGGER igate_payment_no_delete BEFORE DELETE ON igate_payment
BEGIN SELECT RAISE(ABORT, 'what was paid stays: a payment is not deleted'); END
--
CREATE TRIGGER igate_entry_is_next BEFORE INSERT ON igate_entry
WHEN NEW.seq <> 1 + (SELECT coalesce(max(seq), 0) FROM igate_entry WHERE dossier = NEW.dossier)
BEGIN SELECT RAISE(ABORT, 'a journal only grows: entries are numbered without a gap'); END
--
CREATE TRIGGER igate_dossier_by_entry BEFORE UPDATE ON igate_dossier
WHEN NEW.seq <> OLD.seq + 1 OR NEW.head = OLD.head
BEGIN SELECT RAISE(ABORT, 'a journal only grows: the row of a dossier changes with its next entry alone'); END
