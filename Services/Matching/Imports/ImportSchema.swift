/// Tables of bulk import. A row that was imported is a row here, written in the same transaction, so that no row can
/// be imported twice; its fingerprint tells later imports of a corrected file what is there already.
enum ImportSchema {
    static let imports = """
        CREATE TABLE import_run (
            id TEXT PRIMARY KEY,
            principal TEXT NOT NULL,
            identity TEXT NOT NULL,
            name TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            kind TEXT NOT NULL,
            plan TEXT NOT NULL,
            state TEXT NOT NULL,
            position BIGINT NOT NULL,
            created BIGINT NOT NULL,
            unchanged BIGINT NOT NULL,
            failed BIGINT NOT NULL,
            blank BIGINT NOT NULL,
            hints BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE INDEX import_run_by_identity ON import_run (identity, id);
        CREATE UNIQUE INDEX import_run_one_open ON import_run (identity) WHERE state = 'open';
        CREATE INDEX import_run_by_principal ON import_run (principal, id);
        CREATE INDEX import_run_by_state ON import_run (state, id);
        CREATE TABLE import_row (
            import_id TEXT NOT NULL REFERENCES import_run (id),
            row_number BIGINT NOT NULL,
            record_id TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            PRIMARY KEY (import_id, row_number)
        );
        CREATE INDEX import_row_by_fingerprint ON import_row (fingerprint, import_id);
        CREATE TABLE import_finding (
            import_id TEXT NOT NULL REFERENCES import_run (id),
            place BIGINT NOT NULL,
            severity TEXT NOT NULL,
            column_name TEXT NOT NULL,
            field TEXT NOT NULL,
            value TEXT,
            rule_ko TEXT NOT NULL,
            rule_en TEXT NOT NULL,
            PRIMARY KEY (import_id, place)
        );
        """
}
