import Storage

/// The tables of Testbed. Instants are UTC milliseconds, money is won, `name_ko`/`name_en` are one bilingual text.
enum TestbedSchema {
    static let migrations: [Migration] = [
        Migration("sites and resources", places),
        Migration("reservations", reservations),
        Migration("permits", permits),
        Migration("demonstrations", demonstrations),
    ]

    private static let places = """
        CREATE TABLE sites (
            id TEXT PRIMARY KEY,
            name_ko TEXT NOT NULL,
            name_en TEXT NOT NULL,
            kind TEXT NOT NULL,
            organisation_id TEXT,
            operator_ko TEXT,
            operator_en TEXT,
            address TEXT,
            longitude DOUBLE PRECISION,
            latitude DOUBLE PRECISION,
            zone TEXT,
            source TEXT,
            synthetic BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            CHECK ((longitude IS NULL) = (latitude IS NULL))
        );
        CREATE INDEX sites_by_place ON sites (latitude, longitude);
        CREATE INDEX sites_by_kind ON sites (kind, id);
        CREATE INDEX sites_by_zone ON sites (zone, id);
        CREATE INDEX sites_by_organisation ON sites (organisation_id, id);

        CREATE TABLE resources (
            id TEXT PRIMARY KEY,
            site_id TEXT NOT NULL REFERENCES sites (id),
            kind TEXT NOT NULL,
            name_ko TEXT NOT NULL,
            name_en TEXT NOT NULL,
            description TEXT,
            capacity BIGINT NOT NULL CHECK (capacity > 0),
            access TEXT NOT NULL,
            opening_hours TEXT,
            fee_per_hour BIGINT CHECK (fee_per_hour >= 0),
            min_length_seconds BIGINT NOT NULL,
            max_length_seconds BIGINT NOT NULL,
            buffer_seconds BIGINT NOT NULL,
            horizon_seconds BIGINT NOT NULL,
            no_show_after_seconds BIGINT,
            requires_permit BIGINT NOT NULL,
            state TEXT NOT NULL,
            nfec_number TEXT,
            equipment TEXT,
            space TEXT,
            source TEXT,
            synthetic BIGINT NOT NULL,
            version BIGINT NOT NULL,
            longest_ms BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE INDEX resources_by_site ON resources (site_id, id);
        CREATE INDEX resources_by_site_and_kind ON resources (site_id, kind);
        CREATE INDEX resources_by_kind ON resources (kind, id);
        CREATE INDEX resources_by_state ON resources (state, id);
        CREATE UNIQUE INDEX resources_by_nfec ON resources (nfec_number);

        CREATE TABLE resource_terms (
            term TEXT NOT NULL,
            resource_id TEXT NOT NULL REFERENCES resources (id),
            PRIMARY KEY (term, resource_id)
        );
        CREATE INDEX resource_terms_by_resource ON resource_terms (resource_id);

        CREATE TABLE closures (
            id TEXT PRIMARY KEY,
            resource_id TEXT REFERENCES resources (id),
            site_id TEXT REFERENCES sites (id),
            start_at BIGINT NOT NULL,
            end_at BIGINT NOT NULL,
            kind TEXT NOT NULL,
            reason_ko TEXT NOT NULL,
            reason_en TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            lifted_at BIGINT,
            CHECK (end_at > start_at),
            CHECK ((resource_id IS NULL) <> (site_id IS NULL))
        );
        CREATE INDEX closures_by_resource ON closures (resource_id, end_at);
        CREATE INDEX closures_by_site ON closures (site_id, end_at);
        """

    /// `resources.longest_ms` is the longest time that any reservation of the resource has taken, with its buffer: those
    /// that reach into a window start less than that before it, so that `(resource_id, start_at)` finds them without
    /// reading what is long past or far ahead.
    ///
    /// `busy_until` is the end with the buffer, and is brought forward when a use ends early, is cancelled or missed:
    /// a reservation takes its units from `start_at` until `busy_until`, and nothing else decides that.
    private static let reservations = """
        CREATE TABLE reservations (
            id TEXT PRIMARY KEY,
            resource_id TEXT NOT NULL REFERENCES resources (id),
            start_at BIGINT NOT NULL,
            end_at BIGINT NOT NULL,
            busy_until BIGINT NOT NULL,
            buffer_seconds BIGINT NOT NULL,
            units BIGINT NOT NULL CHECK (units > 0),
            access TEXT NOT NULL,
            purpose TEXT,
            holder TEXT NOT NULL,
            principal TEXT NOT NULL,
            permit_id TEXT,
            state TEXT NOT NULL,
            expires_at BIGINT NOT NULL,
            held_at BIGINT NOT NULL,
            posted_at BIGINT,
            ended_at BIGINT,
            reason TEXT,
            use_state TEXT NOT NULL,
            miss_at BIGINT,
            started_at BIGINT,
            finished_at BIGINT,
            used_minutes BIGINT,
            fee_per_hour BIGINT,
            fee BIGINT,
            CHECK (end_at > start_at)
        );
        CREATE INDEX reservations_by_resource ON reservations (resource_id, start_at);
        CREATE INDEX reservations_of_resource ON reservations (resource_id, id);
        CREATE INDEX reservations_by_holder ON reservations (holder, id);
        CREATE INDEX reservations_by_state ON reservations (state, id);
        CREATE INDEX reservations_by_expiry ON reservations (state, expires_at);
        CREATE INDEX reservations_by_miss ON reservations (use_state, miss_at);
        CREATE INDEX reservations_by_permit ON reservations (permit_id, busy_until);
        """

    private static let permits = """
        CREATE TABLE permits (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            number TEXT NOT NULL UNIQUE,
            title_ko TEXT NOT NULL,
            title_en TEXT NOT NULL,
            organisation_id TEXT,
            start_at BIGINT NOT NULL,
            end_at BIGINT NOT NULL,
            max_units BIGINT,
            insured_until BIGINT,
            insurance_required BIGINT NOT NULL,
            state TEXT NOT NULL,
            granted_at BIGINT NOT NULL,
            revoked_at BIGINT,
            reason TEXT,
            version BIGINT NOT NULL,
            CHECK (end_at > start_at)
        );
        CREATE INDEX permits_by_state ON permits (state, id);
        CREATE TABLE permit_places (
            permit_id TEXT NOT NULL REFERENCES permits (id),
            place_id TEXT NOT NULL,
            PRIMARY KEY (permit_id, place_id)
        );
        """

    private static let demonstrations = """
        CREATE TABLE demonstrations (
            id TEXT PRIMARY KEY,
            title_ko TEXT NOT NULL,
            title_en TEXT NOT NULL,
            type TEXT NOT NULL,
            summary TEXT,
            organisation_id TEXT,
            demand_id TEXT,
            technology_id TEXT,
            permit_id TEXT,
            state TEXT NOT NULL,
            outcome TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE INDEX demonstrations_by_state ON demonstrations (state, id);
        CREATE INDEX demonstrations_by_demand ON demonstrations (demand_id, id);
        CREATE INDEX demonstrations_by_technology ON demonstrations (technology_id, id);
        CREATE TABLE demonstration_resources (
            demonstration_id TEXT NOT NULL REFERENCES demonstrations (id),
            resource_id TEXT NOT NULL REFERENCES resources (id),
            PRIMARY KEY (demonstration_id, resource_id)
        );
        CREATE TABLE demonstration_reservations (
            demonstration_id TEXT NOT NULL REFERENCES demonstrations (id),
            reservation_id TEXT NOT NULL REFERENCES reservations (id),
            PRIMARY KEY (demonstration_id, reservation_id)
        );
        CREATE INDEX demonstrations_of_reservation ON demonstration_reservations (reservation_id);
        CREATE TABLE demonstration_criteria (
            demonstration_id TEXT NOT NULL REFERENCES demonstrations (id),
            position BIGINT NOT NULL,
            name TEXT NOT NULL,
            unit TEXT NOT NULL,
            at_least DOUBLE PRECISION,
            at_most DOUBLE PRECISION,
            PRIMARY KEY (demonstration_id, name)
        );
        CREATE TABLE measurements (
            id TEXT PRIMARY KEY,
            demonstration_id TEXT NOT NULL REFERENCES demonstrations (id),
            name TEXT NOT NULL,
            value DOUBLE PRECISION NOT NULL,
            unit TEXT NOT NULL,
            method TEXT NOT NULL,
            reservation_id TEXT NOT NULL REFERENCES reservations (id),
            measured_at BIGINT NOT NULL,
            recorded_at BIGINT NOT NULL,
            note TEXT
        );
        CREATE INDEX measurements_of_demonstration ON measurements (demonstration_id, id);
        CREATE TABLE demonstration_verdicts (
            demonstration_id TEXT NOT NULL REFERENCES demonstrations (id),
            name TEXT NOT NULL,
            verdict TEXT NOT NULL,
            measurement_id TEXT REFERENCES measurements (id),
            PRIMARY KEY (demonstration_id, name)
        );
        CREATE TABLE demonstration_history (
            demonstration_id TEXT NOT NULL REFERENCES demonstrations (id),
            position BIGINT NOT NULL,
            state TEXT NOT NULL,
            at BIGINT NOT NULL,
            principal TEXT NOT NULL,
            note TEXT,
            PRIMARY KEY (demonstration_id, position)
        );
        """
}
