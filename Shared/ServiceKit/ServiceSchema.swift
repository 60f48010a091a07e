import Storage

/// The tables that come with every service.
enum ServiceSchema {
    static let migrations = [
        Migration(
            "service-001-ledgers",
            """
            CREATE TABLE service_idempotency (
                principal TEXT NOT NULL,
                key TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                response TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                PRIMARY KEY (principal, key)
            );
            CREATE INDEX service_idempotency_by_age ON service_idempotency (created_at);

            CREATE TABLE service_outbox (
                position BIGINT PRIMARY KEY,
                event TEXT NOT NULL
            );

            CREATE TABLE service_audit (
                position BIGINT PRIMARY KEY,
                at BIGINT NOT NULL,
                principal TEXT NOT NULL,
                method TEXT NOT NULL,
                subject TEXT,
                reason TEXT,
                request_id TEXT NOT NULL
            );
            CREATE INDEX service_audit_by_subject ON service_audit (subject, position);
            """),
        Migration(
            "service-002-refused-events",
            """
            CREATE TABLE service_refused_event (
                number BIGINT PRIMARY KEY,
                at BIGINT NOT NULL,
                error TEXT NOT NULL,
                event TEXT NOT NULL
            );
            """),
        // INTEGER PRIMARY KEY is the row's own number in SQLite: the rows stand in one tree in the order they came, and no
        // second tree finds them. (It has 64 bits there; in PostgreSQL the column is a BIGINT.)
        Migration(
            "service-003-one-tree-a-ledger",
            """
            CREATE TABLE service_idempotency_new (
                position INTEGER PRIMARY KEY,
                created_at BIGINT NOT NULL,
                principal TEXT NOT NULL,
                key TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                response TEXT NOT NULL
            );
            INSERT INTO service_idempotency_new (principal, key, fingerprint, response, created_at)
                SELECT principal, key, fingerprint, response, created_at FROM service_idempotency ORDER BY created_at;
            DROP TABLE service_idempotency;
            ALTER TABLE service_idempotency_new RENAME TO service_idempotency;
            CREATE UNIQUE INDEX service_idempotency_by_key ON service_idempotency (principal, key);

            CREATE TABLE service_outbox_new (
                position INTEGER PRIMARY KEY,
                event TEXT NOT NULL
            );
            INSERT INTO service_outbox_new (position, event) SELECT position, event FROM service_outbox;
            DROP TABLE service_outbox;
            ALTER TABLE service_outbox_new RENAME TO service_outbox;

            CREATE TABLE service_audit_new (
                position INTEGER PRIMARY KEY,
                at BIGINT NOT NULL,
                principal TEXT NOT NULL,
                method TEXT NOT NULL,
                subject TEXT,
                reason TEXT,
                request_id TEXT NOT NULL
            );
            INSERT INTO service_audit_new (position, at, principal, method, subject, reason, request_id)
                SELECT position, at, principal, method, subject, reason, request_id FROM service_audit ORDER BY position;
            DROP TABLE service_audit;
            ALTER TABLE service_audit_new RENAME TO service_audit;
            CREATE INDEX service_audit_by_subject ON service_audit (subject, position);
            """),
        ConsumerLedger.migration,
    ]
}
