import Storage

/// Tables of talent. What matching needs stands in the clear; what tells who it is stands in `personal_data` only,
/// sealed with the person's key in `person_keys`.
enum TalentSchema {
    static let migrations: [Migration] = [
        Migration(
            "talent-001-people",
            """
            CREATE TABLE people (
                id TEXT PRIMARY KEY,
                state TEXT NOT NULL CHECK (state IN ('active', 'erased')),
                owner TEXT NOT NULL,
                region TEXT,
                occupation TEXT,
                senior BIGINT NOT NULL DEFAULT 0,
                returner BIGINT NOT NULL DEFAULT 0,
                version BIGINT NOT NULL DEFAULT 1,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                erased_at BIGINT,
                erased_for TEXT
            );
            CREATE INDEX people_by_region ON people (state, region, id);
            CREATE TABLE person_keys (
                person_id TEXT PRIMARY KEY REFERENCES people (id),
                master TEXT NOT NULL,
                wrapped BLOB NOT NULL
            );
            CREATE TABLE personal_data (
                person_id TEXT NOT NULL REFERENCES people (id),
                field TEXT NOT NULL,
                sealed BLOB NOT NULL,
                PRIMARY KEY (person_id, field)
            );
            CREATE TABLE person_skills (
                person_id TEXT NOT NULL REFERENCES people (id),
                skill TEXT NOT NULL,
                level TEXT NOT NULL,
                years BIGINT NOT NULL,
                PRIMARY KEY (person_id, skill)
            );
            CREATE INDEX person_skills_by_skill ON person_skills (skill, person_id);
            CREATE TABLE person_traits (
                person_id TEXT NOT NULL REFERENCES people (id),
                trait TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (person_id, trait, value)
            );
            CREATE INDEX person_traits_by_value ON person_traits (trait, value, person_id);
            CREATE TABLE consents (
                id TEXT PRIMARY KEY,
                person_id TEXT NOT NULL REFERENCES people (id),
                purpose TEXT NOT NULL,
                notice TEXT NOT NULL,
                recorded_by TEXT NOT NULL,
                granted_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL,
                ended_at BIGINT
            );
            CREATE INDEX consents_by_person ON consents (person_id, purpose, expires_at);
            CREATE INDEX consents_by_purpose ON consents (purpose, person_id, expires_at);
            CREATE UNIQUE INDEX consents_one_live ON consents (person_id, purpose) WHERE ended_at IS NULL;
            """),
        Migration(
            "talent-002-postings",
            """
            CREATE TABLE postings (
                id TEXT PRIMARY KEY,
                state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'closed')),
                owner TEXT NOT NULL,
                organisation_id TEXT NOT NULL,
                kind TEXT NOT NULL,
                title TEXT NOT NULL,
                region TEXT NOT NULL,
                industry TEXT,
                start_day TEXT NOT NULL,
                end_day TEXT NOT NULL,
                share BIGINT NOT NULL CHECK (share BETWEEN 1 AND 100),
                pay_min BIGINT,
                pay_max BIGINT,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                CHECK (start_day < end_day)
            );
            CREATE INDEX postings_by_state ON postings (state, id);
            CREATE INDEX postings_by_organisation ON postings (organisation_id, id);
            CREATE TABLE posting_skills (
                posting_id TEXT NOT NULL REFERENCES postings (id),
                skill TEXT NOT NULL,
                need TEXT NOT NULL CHECK (need IN ('must', 'nice')),
                level TEXT NOT NULL,
                PRIMARY KEY (posting_id, skill)
            );
            CREATE INDEX posting_skills_by_skill ON posting_skills (skill, posting_id);
            CREATE TABLE interests (
                id TEXT PRIMARY KEY,
                posting_id TEXT NOT NULL REFERENCES postings (id),
                person_id TEXT NOT NULL REFERENCES people (id),
                person_side TEXT NOT NULL,
                organisation_side TEXT NOT NULL,
                decline_reason TEXT,
                agreed_at BIGINT,
                contact_until BIGINT,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                UNIQUE (posting_id, person_id)
            );
            CREATE INDEX interests_by_posting ON interests (posting_id, id);
            CREATE INDEX interests_by_person ON interests (person_id, id);
            """),
        Migration(
            "talent-003-engagements",
            """
            CREATE TABLE availability (
                person_id TEXT NOT NULL REFERENCES people (id),
                start_day TEXT NOT NULL,
                end_day TEXT NOT NULL,
                share BIGINT NOT NULL CHECK (share BETWEEN 1 AND 100),
                PRIMARY KEY (person_id, start_day),
                CHECK (start_day < end_day)
            );
            CREATE TABLE engagements (
                id TEXT PRIMARY KEY,
                person_id TEXT NOT NULL REFERENCES people (id),
                posting_id TEXT REFERENCES postings (id),
                start_day TEXT NOT NULL,
                end_day TEXT NOT NULL,
                share BIGINT NOT NULL CHECK (share BETWEEN 1 AND 100),
                state TEXT NOT NULL CHECK (state IN ('held', 'posted', 'voided', 'expired')),
                holder TEXT NOT NULL,
                reason TEXT,
                expires_at BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                CHECK (start_day < end_day)
            );
            CREATE INDEX engagements_by_person ON engagements (person_id, state, end_day);
            CREATE INDEX engagements_by_expiry ON engagements (state, expires_at);
            CREATE INDEX engagements_by_holder ON engagements (holder, id);
            """),
        Migration(
            "talent-004-access",
            """
            CREATE TABLE access_log (
                id TEXT PRIMARY KEY,
                at BIGINT NOT NULL,
                principal TEXT NOT NULL,
                request TEXT,
                person_id TEXT NOT NULL REFERENCES people (id),
                fields TEXT NOT NULL,
                purpose TEXT NOT NULL,
                posting_id TEXT,
                seal TEXT NOT NULL
            );
            CREATE INDEX access_log_by_person ON access_log (person_id, id);
            """),
        // The order of the log is that of its writing, not of a clock that may step back; and its end is sealed.
        Migration(
            "talent-005-access-positions",
            """
            ALTER TABLE access_log RENAME TO access_log_by_time;
            DROP INDEX access_log_by_person;
            CREATE TABLE access_log (
                position BIGINT PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                at BIGINT NOT NULL,
                principal TEXT NOT NULL,
                request TEXT,
                person_id TEXT NOT NULL REFERENCES people (id),
                fields TEXT NOT NULL,
                purpose TEXT NOT NULL,
                posting_id TEXT,
                form BIGINT NOT NULL,
                seal TEXT NOT NULL
            );
            INSERT INTO access_log
                SELECT ROW_NUMBER() OVER (ORDER BY id), id, at, principal, request, person_id, fields, purpose,
                    posting_id, 1, seal
                FROM access_log_by_time;
            DROP TABLE access_log_by_time;
            CREATE INDEX access_log_by_person ON access_log (person_id, position);
            CREATE TABLE access_log_end (seal TEXT NOT NULL);
            """),
        Migration(
            "talent-006-indexes",
            """
            CREATE INDEX engagements_by_person_id ON engagements (person_id, id);
            DROP INDEX person_traits_by_value;
            DROP INDEX consents_by_purpose;
            """),
    ]
}
