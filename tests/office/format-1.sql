BEGIN TRANSACTION;
CREATE TABLE dossier (
	code VARCHAR NOT NULL, 
	procedure VARCHAR NOT NULL, 
	revision VARCHAR NOT NULL, 
	agency VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	"case" VARCHAR NOT NULL, 
	area VARCHAR NOT NULL, 
	applicant VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	national_status INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	submitted_at BIGINT NOT NULL, 
	received_at BIGINT, 
	due_at BIGINT, 
	finished_at BIGINT, 
	returned_at BIGINT, 
	outcome VARCHAR, 
	PRIMARY KEY (code)
)
 WITHOUT ROWID

;
INSERT INTO "dossier" VALUES('H15-260302-0001','1.001806','2025-11-27','H15','online','','','Nguyễn Thị Ánh','received',2,2,1772416800,1772420400,1773655200,NULL,NULL,NULL);
CREATE TABLE entry (
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
	PRIMARY KEY (dossier, seq), 
	FOREIGN KEY(dossier) REFERENCES dossier (code)
)
 WITHOUT ROWID

;
INSERT INTO "entry" VALUES('H15-260302-0001',1,'submit',NULL,'submitted',1772416800,1772416800,'Nguyễn Thị Ánh','applicant','H15','',NULL,'',NULL,'{"procedure": "1.001806", "revision": "2025-11-27", "channel": "online", "applicant": "Nguyễn Thị Ánh"}');
INSERT INTO "entry" VALUES('H15-260302-0001',2,'receive','submitted','received',1772420400,1772420400,'r1','receptionist','H15.10','','start','',NULL,'{}');
CREATE TABLE meta (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY ("key")
)
 WITHOUT ROWID

;
INSERT INTO "meta" VALUES('created_at','2026-11-27T17:51:04Z');
INSERT INTO "meta" VALUES('library_version','0.1.0');
INSERT INTO "meta" VALUES('schema_version','1');
CREATE TABLE serial (
	agency VARCHAR NOT NULL, 
	day VARCHAR NOT NULL, 
	last INTEGER NOT NULL, 
	PRIMARY KEY (agency, day)
)
 WITHOUT ROWID

;
INSERT INTO "serial" VALUES('H15','2026-03-02',1);
CREATE INDEX ix_dossier_agency ON dossier (agency);
CREATE INDEX ix_dossier_due_at ON dossier (due_at);
CREATE INDEX ix_dossier_state ON dossier (state);
CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'a journal only grows: an entry is not changed'); END;
CREATE TRIGGER entry_is_not_deleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'a journal only grows: an entry is not deleted'); END;
CREATE TRIGGER dossier_is_not_deleted BEFORE DELETE ON dossier
BEGIN SELECT RAISE(ABORT, 'a journal only grows: a dossier is not deleted'); END;
CREATE TRIGGER entry_is_the_next BEFORE INSERT ON entry
WHEN NEW.seq <> 1 + (SELECT coalesce(max(seq), 0) FROM entry WHERE dossier = NEW.dossier)
BEGIN SELECT RAISE(ABORT, 'a journal only grows: entries are numbered without a gap'); END;
COMMIT;
