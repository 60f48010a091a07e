/// What was found to be the same thing twice keeps its row, which points to the one that stays.
enum MergeSchema {
    static let merges = """
        ALTER TABLE profile ADD COLUMN merged_into TEXT;
        ALTER TABLE organisation ADD COLUMN merged_into TEXT;
        CREATE INDEX technology_hold_by_demand ON technology_hold (demand_id, state);
        """

    /// Of what was merged into one that is merged itself.
    static let indexes = """
        CREATE INDEX profile_by_merge ON profile (merged_into) WHERE merged_into IS NOT NULL;
        CREATE INDEX organisation_by_merge ON organisation (merged_into) WHERE merged_into IS NOT NULL;
        """
}
