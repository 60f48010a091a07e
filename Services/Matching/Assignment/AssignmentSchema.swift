/// Tables of events with few places. A certificate is kept as the bytes that were given out.
enum AssignmentSchema {
    static let events = """
        CREATE TABLE assignment_event (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            state TEXT NOT NULL,
            tables BIGINT,
            max_rounds BIGINT,
            organiser TEXT NOT NULL,
            applicants BIGINT NOT NULL,
            hosts BIGINT NOT NULL,
            scores BIGINT NOT NULL,
            assignment_version BIGINT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE INDEX assignment_event_by_state ON assignment_event (state, id);
        CREATE TABLE assignment_participant (
            event_id TEXT NOT NULL REFERENCES assignment_event (id),
            side TEXT NOT NULL,
            id TEXT NOT NULL,
            position BIGINT NOT NULL,
            content TEXT NOT NULL,
            registered_by TEXT NOT NULL,
            PRIMARY KEY (event_id, side, id)
        );
        CREATE INDEX assignment_participant_by_owner ON assignment_participant (event_id, registered_by);
        CREATE TABLE assignment_score (
            event_id TEXT NOT NULL REFERENCES assignment_event (id),
            applicant TEXT NOT NULL,
            host TEXT NOT NULL,
            score BIGINT NOT NULL,
            PRIMARY KEY (event_id, applicant, host)
        );
        CREATE TABLE assignment_result (
            event_id TEXT NOT NULL REFERENCES assignment_event (id),
            version BIGINT NOT NULL,
            method TEXT NOT NULL,
            seed BIGINT NOT NULL,
            digest TEXT NOT NULL,
            certificate TEXT NOT NULL,
            principal TEXT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (event_id, version)
        );
        CREATE TABLE assignment_schedule (
            event_id TEXT NOT NULL REFERENCES assignment_event (id),
            version BIGINT NOT NULL,
            body TEXT NOT NULL,
            principal TEXT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (event_id, version)
        );
        """

    /// Schedules carry what a checker needs from here on; those from before are made again by one call.
    static let publication = """
        ALTER TABLE assignment_event ADD COLUMN published_version BIGINT;
        DELETE FROM assignment_schedule;
        """
}
