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

    /// The stage of each deal, and what was done at it. What stands in these tables is added to and never changed; a
    /// deal from before knows its stage by its state.
    static let stages = """
        ALTER TABLE deal ADD COLUMN stage TEXT NOT NULL DEFAULT 'interest';
        ALTER TABLE deal ADD COLUMN stage_since BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE deal ADD COLUMN stalled_at BIGINT;
        UPDATE deal SET stage_since = updated_at;
        UPDATE deal SET stage = 'nda' WHERE state IN ('agreed', 'committed');
        CREATE INDEX deal_by_stage ON deal (stage, stalled_at, stage_since);
        ALTER TABLE deal_history ADD COLUMN stage TEXT;
        ALTER TABLE deal_history ADD COLUMN documents TEXT;
        CREATE TABLE deal_signature (
            deal_id TEXT NOT NULL REFERENCES deal (id),
            act TEXT NOT NULL,
            version BIGINT NOT NULL,
            side TEXT NOT NULL,
            signed_on TEXT NOT NULL,
            PRIMARY KEY (deal_id, act, version, side)
        );
        CREATE TABLE deal_disclosure (
            deal_id TEXT NOT NULL REFERENCES deal (id),
            step BIGINT NOT NULL,
            side TEXT NOT NULL,
            at BIGINT NOT NULL,
            principal TEXT NOT NULL,
            content TEXT NOT NULL,
            PRIMARY KEY (deal_id, step)
        );
        CREATE TABLE deal_session (
            deal_id TEXT NOT NULL REFERENCES deal (id),
            step BIGINT NOT NULL,
            held_on TEXT NOT NULL,
            minutes BIGINT NOT NULL,
            advisor_id TEXT,
            summary TEXT NOT NULL,
            PRIMARY KEY (deal_id, step)
        );
        CREATE INDEX deal_session_by_advisor ON deal_session (advisor_id, held_on);
        CREATE TABLE deal_offer (
            deal_id TEXT NOT NULL REFERENCES deal (id),
            version BIGINT NOT NULL,
            side TEXT NOT NULL,
            at BIGINT NOT NULL,
            principal TEXT NOT NULL,
            note TEXT,
            terms TEXT NOT NULL,
            PRIMARY KEY (deal_id, version)
        );
        CREATE TABLE deal_contract (
            deal_id TEXT PRIMARY KEY REFERENCES deal (id),
            version BIGINT NOT NULL,
            technology_id TEXT NOT NULL,
            demand_organisation_id TEXT NOT NULL,
            supply_organisation_id TEXT NOT NULL,
            type TEXT NOT NULL,
            exclusive BIGINT NOT NULL,
            signed_on TEXT NOT NULL,
            by_transfer BIGINT NOT NULL,
            trl BIGINT,
            terms TEXT NOT NULL,
            at BIGINT NOT NULL
        );
        CREATE INDEX deal_contract_by_day ON deal_contract (signed_on, deal_id);
        CREATE INDEX deal_contract_by_technology ON deal_contract (technology_id, deal_id);
        CREATE INDEX deal_contract_by_demand ON deal_contract (demand_organisation_id, deal_id);
        CREATE INDEX deal_contract_by_supply ON deal_contract (supply_organisation_id, deal_id);
        CREATE TABLE valuation (
            id TEXT PRIMARY KEY,
            deal_id TEXT NOT NULL REFERENCES deal (id),
            side TEXT NOT NULL,
            is_shared BIGINT NOT NULL,
            inputs TEXT NOT NULL,
            report TEXT NOT NULL,
            at BIGINT NOT NULL,
            principal TEXT NOT NULL
        );
        CREATE INDEX valuation_by_deal ON valuation (deal_id, id);
        """

    /// What is due and paid under contracts, and when it is asked what became of them. `open`, `royalties_due`,
    /// `royalties_paid` and `trl_reached` follow from the entries (`RoyaltyAccount.settle`, `FollowUps`).
    static let afterContract = """
        ALTER TABLE deal_contract ADD COLUMN royalties_due BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE deal_contract ADD COLUMN royalties_paid BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE deal_contract ADD COLUMN trl_reached BIGINT;
        CREATE TABLE royalty_due (
            id TEXT PRIMARY KEY,
            deal_id TEXT NOT NULL REFERENCES deal (id),
            technology_id TEXT NOT NULL,
            demand_organisation_id TEXT NOT NULL,
            supply_organisation_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            number BIGINT NOT NULL,
            due_on TEXT NOT NULL,
            amount BIGINT NOT NULL,
            net_sales BIGINT,
            reverses TEXT,
            reason TEXT,
            open BIGINT NOT NULL,
            overdue_at BIGINT,
            at BIGINT NOT NULL,
            principal TEXT NOT NULL
        );
        CREATE UNIQUE INDEX royalty_due_reversed_once ON royalty_due (reverses) WHERE reverses IS NOT NULL;
        CREATE INDEX royalty_due_by_deal ON royalty_due (deal_id, id);
        CREATE INDEX royalty_due_by_technology ON royalty_due (technology_id, id);
        CREATE INDEX royalty_due_by_demand ON royalty_due (demand_organisation_id, id);
        CREATE INDEX royalty_due_by_supply ON royalty_due (supply_organisation_id, id);
        CREATE INDEX royalty_due_open ON royalty_due (due_on, id) WHERE open > 0;
        CREATE INDEX royalty_due_unmarked ON royalty_due (due_on) WHERE open > 0 AND overdue_at IS NULL;
        CREATE TABLE royalty_payment (
            id TEXT PRIMARY KEY,
            deal_id TEXT NOT NULL REFERENCES deal (id),
            technology_id TEXT NOT NULL,
            demand_organisation_id TEXT NOT NULL,
            supply_organisation_id TEXT NOT NULL,
            paid_on TEXT NOT NULL,
            year BIGINT NOT NULL,
            amount BIGINT NOT NULL,
            reference TEXT NOT NULL,
            reverses TEXT,
            reason TEXT,
            at BIGINT NOT NULL,
            principal TEXT NOT NULL
        );
        CREATE UNIQUE INDEX royalty_payment_reversed_once ON royalty_payment (reverses) WHERE reverses IS NOT NULL;
        CREATE INDEX royalty_payment_by_deal ON royalty_payment (deal_id, id);
        CREATE INDEX royalty_payment_by_technology ON royalty_payment (technology_id, id);
        CREATE INDEX royalty_payment_by_demand ON royalty_payment (demand_organisation_id, id);
        CREATE INDEX royalty_payment_by_supply ON royalty_payment (supply_organisation_id, id);
        CREATE INDEX royalty_payment_by_year ON royalty_payment (year, id);
        CREATE TABLE follow_up (
            place TEXT PRIMARY KEY,
            deal_id TEXT NOT NULL REFERENCES deal (id),
            year BIGINT NOT NULL,
            due_on TEXT NOT NULL,
            demand_organisation_id TEXT NOT NULL,
            supply_organisation_id TEXT NOT NULL,
            technology_id TEXT NOT NULL,
            recorded_at BIGINT,
            due_at BIGINT,
            overdue_at BIGINT
        );
        CREATE UNIQUE INDEX follow_up_by_deal ON follow_up (deal_id, year);
        CREATE INDEX follow_up_by_demand ON follow_up (demand_organisation_id, place);
        CREATE INDEX follow_up_by_supply ON follow_up (supply_organisation_id, place);
        CREATE INDEX follow_up_open ON follow_up (due_on) WHERE recorded_at IS NULL;
        CREATE TABLE follow_up_record (
            deal_id TEXT NOT NULL REFERENCES deal (id),
            year BIGINT NOT NULL,
            step BIGINT NOT NULL,
            at BIGINT NOT NULL,
            principal TEXT NOT NULL,
            side TEXT NOT NULL,
            status TEXT NOT NULL,
            trl BIGINT,
            sales BIGINT,
            jobs BIGINT,
            investment BIGINT,
            reason TEXT,
            note TEXT,
            PRIMARY KEY (deal_id, year, step)
        );
        """

    /// What is said with a valuation is read by those who read it.
    static let valuationNotes = """
        ALTER TABLE valuation ADD COLUMN note TEXT;
        ALTER TABLE valuation ADD COLUMN documents TEXT;
        """

    /// So that a list or a job meets only what it is after, however much has been settled and answered before.
    static let indexes = """
        CREATE INDEX deal_by_stage_and_id ON deal (stage, id);
        CREATE INDEX deal_stalled ON deal (id) WHERE stalled_at IS NOT NULL;
        CREATE INDEX follow_up_not_announced ON follow_up (due_on) WHERE recorded_at IS NULL AND due_at IS NULL;
        CREATE INDEX follow_up_not_urged ON follow_up (due_on) WHERE recorded_at IS NULL AND overdue_at IS NULL;
        CREATE INDEX follow_up_unanswered ON follow_up (place) WHERE recorded_at IS NULL;
        CREATE INDEX royalty_due_open_by_id ON royalty_due (id) WHERE open > 0;
        CREATE INDEX representative_by_principal ON representative (principal, organisation_id);
        """
}
