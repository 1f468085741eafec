-- INSERT OR REPLACE removes a row without firing the DELETE trigger; and an entry may only follow the last one.
CREATE TRIGGER audit_only_append BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit WHERE tenant = NEW.tenant)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only: an entry may only follow the last one'); END;
