import Storage

/// Tables of the matching service. Profiles of both sides share one table, since they share their shape; lists of
/// codes stand in `profile_code` for filters and, joined by spaces, in the row for reading.
enum MatchingSchema {
    static let migrations = [
        Migration("matching-001-organisations", organisations),
        Migration("matching-002-profiles", profiles),
        Migration("matching-003-deals", deals),
        Migration("matching-004-holds", holds),
        Migration("matching-005-weights", weights),
        Migration("matching-006-events", AssignmentSchema.events),
        Migration("matching-007-demonstrations", TechnologyDemonstrations.schema),
        Migration("matching-010-profile-types", ProfileSchema.types),
        Migration("matching-011-profile-reviews", ProfileSchema.reviews),
        Migration("matching-020-imports", ImportSchema.imports),
        Migration("matching-021-merges", MergeSchema.merges),
        Migration("matching-022-surveys", SurveySchema.surveys),
        Migration("matching-023-merge-indexes", MergeSchema.indexes),
        Migration("matching-050-ranking-clock", RankingSchema.clock),
        Migration("matching-051-standings", RankingSchema.standings),
        Migration("matching-052-pair-answers", RankingSchema.answers),
        Migration("matching-053-deal-scores", RankingSchema.scores),
        Migration("matching-054-calibrations", RankingSchema.calibrations),
        Migration("matching-055-exposure", RankingSchema.exposure),
        Migration("matching-056-answers-by-pair", RankingSchema.answersByPair),
        Migration("matching-060-deal-outcomes", DealSchema.outcomes),
        Migration("matching-061-deal-stages", DealSchema.stages),
        Migration("matching-062-after-contracts", DealSchema.afterContract),
        Migration("matching-063-deal-indexes", DealSchema.indexes),
        Migration("matching-064-valuation-notes", DealSchema.valuationNotes),
        Migration("matching-070-platforms", ChainsSchema.platforms),
        Migration("matching-071-chains", ChainsSchema.chains),
        Migration("matching-072-gaps", ChainsSchema.gaps),
        Migration("matching-073-quotients", ChainsSchema.quotients),
        Migration("matching-074-gap-renewal", ChainsSchema.gapRenewal),
        Migration("matching-080-publication", AssignmentSchema.publication),
    ]

    private static let organisations = """
        CREATE TABLE organisation (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            name_ko TEXT NOT NULL,
            name_en TEXT NOT NULL,
            region TEXT,
            business_number TEXT,
            industries TEXT NOT NULL,
            sections TEXT NOT NULL,
            department TEXT,
            email TEXT,
            phone TEXT,
            source TEXT,
            version BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX organisation_by_business_number ON organisation (business_number)
            WHERE business_number IS NOT NULL;
        CREATE INDEX organisation_by_kind ON organisation (kind, id);
        CREATE INDEX organisation_by_region ON organisation (region, id);
        CREATE INDEX organisation_by_name ON organisation (name_ko, id);
        CREATE TABLE organisation_code (
            organisation_id TEXT NOT NULL REFERENCES organisation (id),
            scheme TEXT NOT NULL,
            code TEXT NOT NULL,
            PRIMARY KEY (organisation_id, scheme, code)
        );
        CREATE INDEX organisation_code_by_code ON organisation_code (scheme, code, organisation_id);
        CREATE TABLE representative (
            organisation_id TEXT NOT NULL REFERENCES organisation (id),
            principal TEXT NOT NULL,
            since BIGINT NOT NULL,
            PRIMARY KEY (organisation_id, principal)
        );
        """

    /// `changed` is the change sequence of the last change, given by the one row of `profile_clock`. Who changes a
    /// profile holds that row until the commit, so sequences become visible in their order on any engine.
    private static let profiles = """
        CREATE TABLE profile_clock (id BIGINT PRIMARY KEY CHECK (id = 1), sequence BIGINT NOT NULL);
        INSERT INTO profile_clock (id, sequence) VALUES (1, 0);
        CREATE TABLE profile (
            id TEXT PRIMARY KEY,
            side TEXT NOT NULL,
            organisation_id TEXT NOT NULL REFERENCES organisation (id),
            state TEXT NOT NULL,
            version BIGINT NOT NULL,
            title TEXT NOT NULL,
            summary TEXT NOT NULL,
            description TEXT NOT NULL,
            keywords TEXT NOT NULL,
            trl BIGINT,
            fields TEXT NOT NULL,
            industries TEXT NOT NULL,
            sections TEXT NOT NULL,
            region TEXT,
            partnerships TEXT NOT NULL,
            exclusive BIGINT NOT NULL,
            valid_until BIGINT,
            source TEXT,
            changed BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            published_at BIGINT
        );
        CREATE INDEX profile_by_side ON profile (side, id);
        CREATE INDEX profile_by_state ON profile (side, state, id);
        CREATE INDEX profile_by_organisation ON profile (side, organisation_id, id);
        CREATE INDEX profile_by_region ON profile (side, region, id);
        CREATE INDEX profile_by_change ON profile (side, changed);
        CREATE INDEX profile_by_validity ON profile (state, valid_until);
        CREATE TABLE profile_code (
            profile_id TEXT NOT NULL REFERENCES profile (id),
            scheme TEXT NOT NULL,
            code TEXT NOT NULL,
            PRIMARY KEY (profile_id, scheme, code)
        );
        CREATE INDEX profile_code_by_code ON profile_code (scheme, code, profile_id);
        CREATE TABLE profile_history (
            profile_id TEXT NOT NULL REFERENCES profile (id),
            step BIGINT NOT NULL,
            at BIGINT NOT NULL,
            principal TEXT NOT NULL,
            action TEXT NOT NULL,
            state TEXT NOT NULL,
            version BIGINT NOT NULL,
            reason TEXT,
            content TEXT NOT NULL,
            PRIMARY KEY (profile_id, step)
        );
        """

    private static let deals = """
        CREATE TABLE deal (
            id TEXT PRIMARY KEY,
            demand_id TEXT NOT NULL REFERENCES profile (id),
            technology_id TEXT NOT NULL REFERENCES profile (id),
            demand_organisation_id TEXT NOT NULL REFERENCES organisation (id),
            supply_organisation_id TEXT NOT NULL REFERENCES organisation (id),
            state TEXT NOT NULL,
            demand_accepted_at BIGINT,
            supply_accepted_at BIGINT,
            ended_by TEXT,
            reason TEXT,
            hold_id TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX deal_one_open ON deal (demand_id, technology_id)
            WHERE state IN ('interest', 'agreed', 'committed');
        CREATE INDEX deal_by_demand ON deal (demand_id, id);
        CREATE INDEX deal_by_technology ON deal (technology_id, id);
        CREATE INDEX deal_by_state ON deal (state, id);
        CREATE INDEX deal_by_demand_organisation ON deal (demand_organisation_id, id);
        CREATE INDEX deal_by_supply_organisation ON deal (supply_organisation_id, id);
        CREATE TABLE deal_history (
            deal_id TEXT NOT NULL REFERENCES deal (id),
            step BIGINT NOT NULL,
            at BIGINT NOT NULL,
            principal TEXT NOT NULL,
            action TEXT NOT NULL,
            side TEXT,
            state TEXT NOT NULL,
            reason TEXT,
            note TEXT,
            PRIMARY KEY (deal_id, step)
        );
        """

    /// `exclusive` is copied from the technology, so that the database itself refuses a second live hold.
    private static let holds = """
        CREATE TABLE technology_hold (
            id TEXT PRIMARY KEY,
            technology_id TEXT NOT NULL REFERENCES profile (id),
            demand_id TEXT NOT NULL REFERENCES profile (id),
            deal_id TEXT REFERENCES deal (id),
            holder TEXT NOT NULL,
            exclusive BIGINT NOT NULL,
            state TEXT NOT NULL,
            expires_at BIGINT NOT NULL,
            reason TEXT,
            created_by TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX technology_hold_one_live ON technology_hold (technology_id)
            WHERE exclusive = 1 AND state IN ('held', 'posted');
        CREATE INDEX technology_hold_by_technology ON technology_hold (technology_id, state);
        CREATE INDEX technology_hold_by_expiry ON technology_hold (state, expires_at);
        CREATE INDEX technology_hold_by_deal ON technology_hold (deal_id, state);
        """

    private static let weights = """
        CREATE TABLE ranking_weights (
            version BIGINT PRIMARY KEY,
            body TEXT NOT NULL,
            reason TEXT,
            principal TEXT NOT NULL,
            at BIGINT NOT NULL
        );
        """
}
