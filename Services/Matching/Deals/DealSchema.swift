import Storage

/// Tables of what follows the agreement of two sides (migrations 060 to 069).
enum DealSchema {
    /// One row of `deal_outcome` for each deal whose commercialisation is decided; how it came to that is in
    /// `deal_outcome_step`, of which nothing is ever changed.
    static let outcomes = """
        CREATE TABLE deal_outcome (
            deal_id TEXT PRIMARY KEY REFERENCES deal (id),
            demand_id TEXT NOT NULL,
            technology_id TEXT NOT NULL,
            succeeded BIGINT NOT NULL,
            reason TEXT,
            at BIGINT NOT NULL
        );
        CREATE INDEX deal_outcome_by_time ON deal_outcome (at, deal_id);
        CREATE INDEX deal_outcome_by_technology ON deal_outcome (technology_id);
        CREATE INDEX deal_outcome_by_demand ON deal_outcome (demand_id);
        CREATE TABLE deal_outcome_step (
            deal_id TEXT NOT NULL REFERENCES deal (id),
            step BIGINT NOT NULL,
            at BIGINT NOT NULL,
            principal TEXT NOT NULL,
            status TEXT NOT NULL,
            reason TEXT,
            note TEXT,
            PRIMARY KEY (deal_id, step)
        );
        """
}
