import Storage

/// The tables of the fund service, in the common subset of SQLite and PostgreSQL.
///
/// Money is BIGINT in won, instants are BIGINT in Unix milliseconds. What was agreed is never updated or deleted: a
/// correction is a new row that names the one it corrects. Only balances, states and `open_pendings` (a work list)
/// change in place, and the ledger check recomputes the balances from the transfers.
enum FundSchema {
    static let migrations = [
        Migration("fund-001-funds", funds),
        Migration("fund-002-ledger", ledger),
        Migration("fund-003-capital", capital),
        Migration("fund-004-committee", committee),
        Migration("fund-005-coinvestments", coinvestments),
        // An account's bound is that of its kind.
        Migration("fund-006-bounds", "ALTER TABLE accounts DROP COLUMN bound;"),
    ]

    private static let funds = """
        CREATE TABLE funds (
            id TEXT PRIMARY KEY,
            name_ko TEXT NOT NULL,
            name_en TEXT NOT NULL,
            kind TEXT NOT NULL,
            vehicle TEXT,
            vintage BIGINT,
            parent_id TEXT REFERENCES funds(id),
            purpose_ko TEXT,
            purpose_en TEXT,
            target_amount BIGINT,
            term_start TEXT,
            term_investment_end TEXT,
            term_end TEXT,
            obligations TEXT NOT NULL,
            rules TEXT NOT NULL,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX funds_by_kind ON funds (kind, id);
        CREATE INDEX funds_by_parent ON funds (parent_id, id);
        CREATE TABLE partners (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            name_ko TEXT NOT NULL,
            name_en TEXT NOT NULL,
            business_number TEXT UNIQUE,
            organisation_id TEXT,
            registered_at BIGINT NOT NULL
        );
        CREATE INDEX partners_by_kind ON partners (kind, id);
        """

    private static let ledger = """
        CREATE TABLE accounts (
            id TEXT PRIMARY KEY,
            fund_id TEXT NOT NULL REFERENCES funds(id),
            kind TEXT NOT NULL,
            partner_id TEXT NOT NULL,
            bound TEXT NOT NULL,
            debits_pending BIGINT NOT NULL CHECK (debits_pending >= 0),
            debits_posted BIGINT NOT NULL CHECK (debits_posted >= 0),
            credits_pending BIGINT NOT NULL CHECK (credits_pending >= 0),
            credits_posted BIGINT NOT NULL CHECK (credits_posted >= 0),
            opened_at BIGINT NOT NULL,
            UNIQUE (fund_id, kind, partner_id)
        );
        CREATE INDEX accounts_by_fund ON accounts (fund_id, id);
        CREATE TABLE transfers (
            id TEXT PRIMARY KEY,
            sequence BIGINT NOT NULL UNIQUE,
            fund_id TEXT NOT NULL REFERENCES funds(id),
            kind TEXT NOT NULL,
            purpose TEXT NOT NULL,
            debit_account_id TEXT NOT NULL REFERENCES accounts(id),
            credit_account_id TEXT NOT NULL REFERENCES accounts(id),
            amount BIGINT NOT NULL CHECK (amount > 0),
            pending_id TEXT UNIQUE REFERENCES transfers(id),
            corrects TEXT UNIQUE REFERENCES transfers(id),
            expires_at BIGINT,
            reference TEXT,
            note TEXT,
            recorded_at BIGINT NOT NULL,
            CHECK (debit_account_id <> credit_account_id)
        );
        CREATE INDEX transfers_by_fund ON transfers (fund_id, sequence);
        CREATE INDEX transfers_by_debit ON transfers (debit_account_id, sequence);
        CREATE INDEX transfers_by_credit ON transfers (credit_account_id, sequence);
        CREATE INDEX transfers_by_reference ON transfers (reference, sequence);
        CREATE TABLE open_pendings (
            transfer_id TEXT PRIMARY KEY REFERENCES transfers(id),
            fund_id TEXT NOT NULL,
            purpose TEXT NOT NULL,
            expires_at BIGINT NOT NULL
        );
        CREATE INDEX open_pendings_by_expiry ON open_pendings (expires_at, transfer_id);
        CREATE INDEX open_pendings_by_fund ON open_pendings (fund_id, expires_at);
        """

    private static let capital = """
        CREATE TABLE commitments (
            id TEXT PRIMARY KEY,
            fund_id TEXT NOT NULL REFERENCES funds(id),
            partner_id TEXT NOT NULL REFERENCES partners(id),
            kind TEXT NOT NULL,
            amount BIGINT NOT NULL CHECK (amount >= 0),
            agreed_on TEXT,
            corrects TEXT UNIQUE REFERENCES commitments(id),
            reason TEXT,
            transfer_id TEXT NOT NULL REFERENCES transfers(id),
            recorded_at BIGINT NOT NULL
        );
        CREATE INDEX commitments_by_fund ON commitments (fund_id, id);
        CREATE INDEX commitments_by_partner ON commitments (partner_id, id);
        CREATE TABLE contributions (
            id TEXT PRIMARY KEY,
            fund_id TEXT NOT NULL REFERENCES funds(id),
            partner_id TEXT NOT NULL REFERENCES partners(id),
            amount BIGINT NOT NULL CHECK (amount > 0),
            paid_on TEXT,
            transfer_id TEXT NOT NULL REFERENCES transfers(id),
            reverses TEXT UNIQUE REFERENCES contributions(id),
            reason TEXT,
            recorded_at BIGINT NOT NULL
        );
        CREATE INDEX contributions_by_fund ON contributions (fund_id, id);
        CREATE INDEX contributions_by_partner ON contributions (partner_id, id);
        """

    private static let committee = """
        CREATE TABLE members (
            id TEXT PRIMARY KEY,
            fund_id TEXT NOT NULL REFERENCES funds(id),
            seat_ko TEXT NOT NULL,
            seat_en TEXT NOT NULL,
            person_id TEXT,
            principal TEXT,
            appointed_at BIGINT NOT NULL,
            retired_at BIGINT
        );
        CREATE INDEX members_by_fund ON members (fund_id, id);
        CREATE TABLE cases (
            id TEXT PRIMARY KEY,
            fund_id TEXT NOT NULL REFERENCES funds(id),
            company_name TEXT,
            organisation_id TEXT,
            company_key TEXT NOT NULL,
            demand_id TEXT,
            technology_id TEXT,
            amount BIGINT NOT NULL CHECK (amount > 0),
            instrument TEXT NOT NULL,
            purpose TEXT NOT NULL,
            in_region BIGINT NOT NULL,
            industry TEXT,
            matching_partner_id TEXT REFERENCES partners(id),
            state TEXT NOT NULL,
            approved_amount BIGINT,
            minutes TEXT,
            reason TEXT,
            proposed_at BIGINT NOT NULL,
            settled_at BIGINT
        );
        CREATE INDEX cases_by_fund ON cases (fund_id, id);
        CREATE INDEX cases_by_fund_state ON cases (fund_id, state, id);
        CREATE INDEX cases_by_state ON cases (state, id);
        CREATE INDEX cases_by_company ON cases (fund_id, company_key);
        CREATE INDEX cases_by_demand ON cases (demand_id, id);
        CREATE TABLE votes (
            case_id TEXT NOT NULL REFERENCES cases(id),
            member_id TEXT NOT NULL REFERENCES members(id),
            revision BIGINT NOT NULL,
            vote TEXT,
            conflict BIGINT NOT NULL,
            contribution BIGINT,
            note TEXT,
            cast_at BIGINT NOT NULL,
            PRIMARY KEY (case_id, member_id, revision)
        );
        """

    private static let coinvestments = """
        CREATE TABLE coinvestments (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES cases(id),
            fund_id TEXT NOT NULL REFERENCES funds(id),
            holder TEXT NOT NULL,
            amount BIGINT NOT NULL CHECK (amount > 0),
            posted_amount BIGINT,
            matching_partner_id TEXT REFERENCES partners(id),
            state TEXT NOT NULL,
            held_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            settled_at BIGINT,
            reason TEXT,
            transfer_id TEXT NOT NULL REFERENCES transfers(id),
            matching_transfer_id TEXT REFERENCES transfers(id)
        );
        CREATE INDEX coinvestments_by_case ON coinvestments (case_id, id);
        CREATE INDEX coinvestments_by_fund ON coinvestments (fund_id, id);
        CREATE INDEX coinvestments_by_fund_state ON coinvestments (fund_id, state, expires_at);
        CREATE INDEX coinvestments_by_holder ON coinvestments (holder, id);
        CREATE INDEX coinvestments_by_expiry ON coinvestments (state, expires_at);
        """
}
