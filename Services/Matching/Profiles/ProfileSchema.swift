/// What came to the tables of profiles after the first release.
enum ProfileSchema {
    /// The types and the members that came with them. Patents, classifications: one a line, and in `profile_code`.
    static let types = """
        ALTER TABLE profile ADD COLUMN type TEXT NOT NULL DEFAULT 'technologyOffer';
        UPDATE profile SET type = 'technologyRequest' WHERE side = 'demand';
        ALTER TABLE profile ADD COLUMN advantages TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN ipr_status TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN patents TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN classifications TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN partner_kinds TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN partner_role TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN partner_expertise TEXT NOT NULL DEFAULT '';
        CREATE INDEX profile_by_type ON profile (side, type, id);
        """

    /// Review, renewal and the notice of expiry. `submitted_at` is the queue: there while a profile waits, and unique.
    static let reviews = """
        ALTER TABLE profile ADD COLUMN reviewed BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE profile ADD COLUMN submitted_at BIGINT;
        ALTER TABLE profile ADD COLUMN notice_at BIGINT;
        ALTER TABLE profile ADD COLUMN renewals BIGINT NOT NULL DEFAULT 0;
        UPDATE profile SET notice_at = valid_until - 2592000000 WHERE state = 'published';
        CREATE UNIQUE INDEX profile_by_queue ON profile (side, submitted_at) WHERE submitted_at IS NOT NULL;
        CREATE INDEX profile_by_notice ON profile (notice_at) WHERE notice_at IS NOT NULL;
        CREATE TABLE profile_review (
            profile_id TEXT NOT NULL REFERENCES profile (id),
            number BIGINT NOT NULL,
            version BIGINT NOT NULL,
            at BIGINT NOT NULL,
            reviewer TEXT NOT NULL,
            grade TEXT NOT NULL,
            total BIGINT NOT NULL,
            score TEXT NOT NULL,
            note TEXT,
            PRIMARY KEY (profile_id, number)
        );
        """
}
