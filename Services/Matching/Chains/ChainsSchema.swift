import Storage

/// Tables of platforms and their roles, of value chains, of gap signals and of location quotients.
enum ChainsSchema {
    /// A role counts when both the platform and the organisation have agreed to it.
    static let platforms = """
        CREATE TABLE platform (
            id TEXT PRIMARY KEY,
            name_ko TEXT NOT NULL,
            name_en TEXT NOT NULL,
            industry TEXT,
            purpose TEXT NOT NULL,
            coordinator_id TEXT REFERENCES organisation (id),
            source TEXT,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX platform_by_industry ON platform (industry, id);
        CREATE TABLE platform_need (
            platform_id TEXT NOT NULL REFERENCES platform (id),
            role TEXT NOT NULL,
            PRIMARY KEY (platform_id, role)
        );
        CREATE INDEX platform_need_by_role ON platform_need (role, platform_id);
        CREATE TABLE platform_role (
            platform_id TEXT NOT NULL REFERENCES platform (id),
            organisation_id TEXT NOT NULL REFERENCES organisation (id),
            role TEXT NOT NULL,
            valid_from TEXT NOT NULL,
            valid_until TEXT,
            platform_agreed_at BIGINT,
            organisation_agreed_at BIGINT,
            source TEXT,
            reason TEXT,
            PRIMARY KEY (platform_id, organisation_id, role, valid_from)
        );
        CREATE INDEX platform_role_by_role ON platform_role (platform_id, role, valid_from);
        CREATE INDEX platform_role_by_organisation ON platform_role (organisation_id, platform_id);
        """

    static let chains = """
        CREATE TABLE chain_item (
            id TEXT PRIMARY KEY,
            industry TEXT NOT NULL,
            stage TEXT NOT NULL,
            name_ko TEXT NOT NULL,
            name_en TEXT NOT NULL,
            keywords TEXT NOT NULL,
            source TEXT,
            version BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE UNIQUE INDEX chain_item_by_name ON chain_item (industry, name_ko);
        CREATE INDEX chain_item_by_industry ON chain_item (industry, id);
        CREATE TABLE chain_edge (
            from_id TEXT NOT NULL REFERENCES chain_item (id),
            to_id TEXT NOT NULL REFERENCES chain_item (id),
            source TEXT,
            PRIMARY KEY (from_id, to_id)
        );
        CREATE INDEX chain_edge_by_target ON chain_edge (to_id, from_id);
        CREATE TABLE chain_place (
            item_id TEXT NOT NULL REFERENCES chain_item (id),
            organisation_id TEXT NOT NULL REFERENCES organisation (id),
            class TEXT,
            source TEXT,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (item_id, organisation_id)
        );
        CREATE INDEX chain_place_by_organisation ON chain_place (organisation_id, item_id);
        CREATE TABLE chain_link (
            item_id TEXT NOT NULL REFERENCES chain_item (id),
            profile_id TEXT NOT NULL REFERENCES profile (id),
            side TEXT NOT NULL,
            source TEXT,
            PRIMARY KEY (item_id, profile_id)
        );
        CREATE INDEX chain_link_by_profile ON chain_link (profile_id, item_id);
        """

    /// One row a demand, so that a demand has one signal however often it is looked at. `due_at` is when it is to be
    /// looked at again: 0 at once, null not before the demand changes. The one row of `gap_watch` says up to which
    /// change of a profile everything was noted, and which moment's verdicts are too old.
    static let gaps = """
        CREATE TABLE gap_watch (
            id BIGINT PRIMARY KEY CHECK (id = 1),
            sequence BIGINT NOT NULL,
            weights_version BIGINT NOT NULL,
            stale_before BIGINT NOT NULL
        );
        INSERT INTO gap_watch (id, sequence, weights_version, stale_before) VALUES (1, 0, -1, 0);
        CREATE TABLE gap (
            id TEXT PRIMARY KEY,
            demand_id TEXT NOT NULL UNIQUE REFERENCES profile (id),
            state TEXT NOT NULL,
            reason TEXT,
            best_technology_id TEXT,
            best_score DOUBLE PRECISION,
            weights_version BIGINT NOT NULL,
            due_at BIGINT,
            checked_at BIGINT,
            opened_at BIGINT,
            closed_at BIGINT,
            opened_times BIGINT NOT NULL
        );
        CREATE INDEX gap_by_state ON gap (state, id);
        CREATE INDEX gap_by_reason ON gap (reason, id);
        CREATE INDEX gap_by_due ON gap (due_at);
        CREATE INDEX gap_by_technology ON gap (best_technology_id);
        CREATE TABLE gap_history (
            gap_id TEXT NOT NULL REFERENCES gap (id),
            step BIGINT NOT NULL,
            at BIGINT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            best_technology_id TEXT,
            best_score DOUBLE PRECISION,
            PRIMARY KEY (gap_id, step)
        );
        CREATE TABLE gap_link (
            gap_id TEXT NOT NULL REFERENCES gap (id),
            kind TEXT NOT NULL,
            reference TEXT NOT NULL,
            note TEXT,
            principal TEXT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (gap_id, kind, reference)
        );
        CREATE INDEX gap_link_by_reference ON gap_link (kind, reference);
        """

    /// The clocks of profiles and of ranking, added up, when all verdicts were last found too old.
    static let gapRenewal = "ALTER TABLE gap_watch ADD COLUMN renewed_clock BIGINT NOT NULL DEFAULT -1;"

    /// `id` is measure/year/region/industry. A value and a share that are both null: the source is silent.
    static let quotients = """
        CREATE TABLE quotient_figure (
            id TEXT PRIMARY KEY,
            measure TEXT NOT NULL,
            year BIGINT,
            region TEXT NOT NULL,
            industry TEXT NOT NULL,
            value BIGINT,
            share_points BIGINT,
            published TEXT,
            name_ko TEXT,
            name_en TEXT,
            source TEXT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE INDEX quotient_figure_by_year ON quotient_figure (year, id);
        CREATE INDEX quotient_figure_by_region ON quotient_figure (region, id);
        CREATE INDEX quotient_figure_by_industry ON quotient_figure (industry, id);
        CREATE INDEX quotient_figure_by_measure ON quotient_figure (measure, id);
        """
}
