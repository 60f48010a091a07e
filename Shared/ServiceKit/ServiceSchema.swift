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
    ]
}
