/// What came to the tables of profiles after the first release.
enum ProfileSchema {
    /// The types and the members that came with them. Patents, classifications: one a line, and in `profile_code`.
    static let types = """
        ALTER TABLE profile ADD COLUMN type TEXT NOT NULL DEFAULT 'technologyOffer';
        UPDATE profile SET type = 'technologyRequest' WHERE side = 'demand';
        ALTER TABLE profile ADD COLUMN advantages TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN ipr_status TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN patents TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN classifications TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN partner_kinds TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN partner_role TEXT NOT NULL DEFAULT '';
        ALTER TABLE profile ADD COLUMN partner_expertise TEXT NOT NULL DEFAULT '';
        CREATE INDEX profile_by_type ON profile (side, type, id);
        """
}
