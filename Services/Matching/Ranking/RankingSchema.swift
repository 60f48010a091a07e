import ServiceKit
import Storage
import Vocabulary

/// Tables of what ranking keeps beside profiles and deals. `changed` in each is the number that `ranking_clock` gave to
/// the last change of the row; who changes one holds the clock until the commit, so that whoever follows the numbers
/// misses nothing.
enum RankingSchema {
    static let clock = """
        CREATE TABLE ranking_clock (id BIGINT PRIMARY KEY CHECK (id = 1), sequence BIGINT NOT NULL);
        INSERT INTO ranking_clock (id, sequence) VALUES (1, 0);
        ALTER TABLE deal ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;
        CREATE INDEX deal_by_change ON deal (changed);
        """

    static let standings = """
        CREATE TABLE organisation_standing (
            organisation_id TEXT PRIMARY KEY REFERENCES organisation (id),
            cluster TEXT,
            capacity BIGINT,
            own_investment BIGINT,
            government_support BIGINT,
            source TEXT NOT NULL,
            principal TEXT NOT NULL,
            at BIGINT NOT NULL,
            changed BIGINT NOT NULL
        );
        CREATE INDEX organisation_standing_by_change ON organisation_standing (changed);
        CREATE TABLE technology_capacity (
            technology_id TEXT PRIMARY KEY REFERENCES profile (id),
            capacity BIGINT,
            source TEXT NOT NULL,
            principal TEXT NOT NULL,
            at BIGINT NOT NULL,
            changed BIGINT NOT NULL
        );
        CREATE INDEX technology_capacity_by_change ON technology_capacity (changed);
        """

    /// `industries` are those of the other profile, `partnerships` the forms that both name, `below` how far the
    /// technology was below the stage needed, and the marks what the reason was about: all as they were at the time.
    static let answers = """
        CREATE TABLE pair_answer (
            id TEXT PRIMARY KEY,
            demand_id TEXT NOT NULL REFERENCES profile (id),
            technology_id TEXT NOT NULL REFERENCES profile (id),
            side TEXT NOT NULL,
            organisation_id TEXT NOT NULL REFERENCES organisation (id),
            answer TEXT NOT NULL,
            reason TEXT,
            note TEXT,
            deal_id TEXT,
            industries TEXT NOT NULL,
            partnerships TEXT NOT NULL,
            below BIGINT,
            demand_mark TEXT NOT NULL,
            technology_mark TEXT NOT NULL,
            principal TEXT NOT NULL,
            at BIGINT NOT NULL,
            changed BIGINT NOT NULL
        );
        CREATE INDEX pair_answer_by_demand ON pair_answer (demand_id, side, id);
        CREATE INDEX pair_answer_by_technology ON pair_answer (technology_id, side, id);
        CREATE INDEX pair_answer_by_organisation ON pair_answer (organisation_id, id);
        CREATE INDEX pair_answer_by_change ON pair_answer (changed);
        """

    /// Finds the answer before one, of the same side to the same pair.
    static let answersByPair = """
        CREATE INDEX pair_answer_by_pair ON pair_answer (demand_id, technology_id, side, id);
        """

    /// `body` holds the value of every component, so that the score can be computed again with other weights.
    static let scores = """
        CREATE TABLE deal_score (
            deal_id TEXT PRIMARY KEY REFERENCES deal (id),
            logit DOUBLE PRECISION NOT NULL,
            weights_version BIGINT NOT NULL,
            partnership TEXT,
            stage TEXT,
            industry TEXT,
            body TEXT NOT NULL,
            at BIGINT NOT NULL
        );
        """

    static let calibrations = """
        CREATE TABLE score_calibration (
            version BIGINT PRIMARY KEY,
            body TEXT NOT NULL,
            principal TEXT NOT NULL,
            at BIGINT NOT NULL
        );
        """

    static let exposure = """
        CREATE TABLE profile_exposure (
            day BIGINT NOT NULL,
            profile_id TEXT NOT NULL,
            shown BIGINT NOT NULL,
            PRIMARY KEY (day, profile_id)
        );
        """
}

/// Numbers the changes that `Experience` follows.
enum RankingClock {
    static func next(_ db: Connection) throws -> Int64 {
        guard
            let row = try db.row("UPDATE ranking_clock SET sequence = sequence + 1 WHERE id = 1 RETURNING sequence")
        else { throw StorageError.corrupt(path: "ranking_clock", message: "its only row is missing") }
        return try row.get("sequence")
    }

    /// Says that a deal, or the outcome of one, changed.
    static func touch(_ deal: DealID, _ db: Connection) throws {
        try db.run("UPDATE deal SET changed = ? WHERE id = ?", try next(db), deal)
    }
}
