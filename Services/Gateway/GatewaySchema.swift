import Storage

/// The gateway's tables: the event log, the flows with their journal, and the stored requests.
enum GatewaySchema {
    static let migrations = [
        Migration(
            "gateway-001-events",
            """
            CREATE TABLE event (
                sequence BIGINT PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                type TEXT NOT NULL,
                stored_at BIGINT NOT NULL,
                event TEXT NOT NULL
            );
            CREATE INDEX event_by_type ON event (type, sequence);

            CREATE TABLE event_counter (
                name TEXT PRIMARY KEY,
                last BIGINT NOT NULL
            );
            INSERT INTO event_counter (name, last) VALUES ('sequence', 0);
            """),
        Migration(
            "gateway-002-flows",
            """
            CREATE TABLE flow (
                id TEXT PRIMARY KEY,
                definition TEXT NOT NULL,
                phase TEXT NOT NULL,
                is_final INTEGER NOT NULL,
                started_at BIGINT NOT NULL,
                started_by TEXT NOT NULL,
                start_key TEXT,
                state TEXT NOT NULL,
                UNIQUE (started_by, start_key)
            );
            CREATE INDEX flow_unfinished ON flow (is_final, id);

            CREATE TABLE flow_journal (
                flow TEXT NOT NULL REFERENCES flow (id),
                number BIGINT NOT NULL,
                at BIGINT NOT NULL,
                kind TEXT NOT NULL,
                step TEXT,
                detail TEXT NOT NULL,
                PRIMARY KEY (flow, number)
            );
            """),
        // The sequence is the row's own number (see service-003): one tree less for each event. The bytes of all events
        // are counted, so that the log can be kept to a size.
        Migration(
            "gateway-003-one-tree-for-events",
            """
            CREATE TABLE event_new (
                sequence INTEGER PRIMARY KEY,
                id TEXT NOT NULL,
                type TEXT NOT NULL,
                stored_at BIGINT NOT NULL,
                bytes BIGINT NOT NULL,
                event TEXT NOT NULL
            );
            INSERT INTO event_new (sequence, id, type, stored_at, bytes, event)
                SELECT sequence, id, type, stored_at, LENGTH(CAST(event AS BLOB)), event FROM event ORDER BY sequence;
            DROP TABLE event;
            ALTER TABLE event_new RENAME TO event;
            CREATE UNIQUE INDEX event_by_id ON event (id);
            CREATE INDEX event_by_type ON event (type, sequence);
            INSERT INTO event_counter (name, last) SELECT 'bytes', COALESCE(SUM(bytes), 0) FROM event;
            """),
        Migration(
            "gateway-004-stored-requests",
            """
            CREATE TABLE stored_request (
                number INTEGER PRIMARY KEY,
                uuid TEXT NOT NULL UNIQUE,
                service TEXT NOT NULL,
                principal TEXT NOT NULL,
                roles TEXT NOT NULL,
                state TEXT NOT NULL,
                attempts BIGINT NOT NULL,
                stored_at BIGINT NOT NULL,
                deadline BIGINT,
                next_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL,
                finished_at BIGINT,
                bytes BIGINT NOT NULL,
                error TEXT,
                body BLOB NOT NULL,
                reply BLOB
            );
            CREATE INDEX stored_request_line ON stored_request (service, state, number);
            CREATE INDEX stored_request_end ON stored_request (state, expires_at);
            """),
    ]
}
