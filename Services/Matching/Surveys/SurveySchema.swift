/// Tables of demand surveys. An answer is a demand like any other; what a closed campaign counts is read from the
/// demand's history as it was when the campaign closed.
enum SurveySchema {
    static let surveys = """
        CREATE TABLE survey (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            description TEXT NOT NULL,
            cluster TEXT,
            industries TEXT NOT NULL,
            regions TEXT NOT NULL,
            questions TEXT NOT NULL,
            opens_at BIGINT NOT NULL,
            closes_at BIGINT NOT NULL,
            created_by TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL
        );
        CREATE INDEX survey_by_close ON survey (closes_at, id);
        CREATE TABLE survey_invitation (
            survey_id TEXT NOT NULL REFERENCES survey (id),
            organisation_id TEXT NOT NULL REFERENCES organisation (id),
            at BIGINT NOT NULL,
            PRIMARY KEY (survey_id, organisation_id)
        );
        CREATE INDEX survey_invitation_by_organisation ON survey_invitation (organisation_id, survey_id);
        CREATE TABLE survey_response (
            survey_id TEXT NOT NULL REFERENCES survey (id),
            demand_id TEXT NOT NULL REFERENCES profile (id),
            organisation_id TEXT NOT NULL REFERENCES organisation (id),
            answers TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (survey_id, demand_id)
        );
        CREATE INDEX survey_response_by_demand ON survey_response (demand_id, survey_id);
        CREATE INDEX survey_response_by_organisation ON survey_response (organisation_id, survey_id);
        """
}
