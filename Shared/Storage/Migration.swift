/// One step of a schema. Applied once, in the order given, in a transaction of its own, and recorded with a checksum:
/// the text of a migration that was released is never edited.
public struct Migration: Sendable {
    public let name: String
    public let sql: String

    /// - Parameters:
    ///   - name: unique in the database, such as `fund-001-funds`.
    ///   - sql: one or more statements in the common subset of SQLite and PostgreSQL.
    public init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }

    /// FNV-1a of the text without its white space, so that re-indenting changes nothing.
    var checksum: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in sql.utf8 where byte > 0x20 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}

extension [Migration] {
    /// Applies what is missing, in order.
    func apply(to session: SQLiteSession, path: String) throws(StorageError) {
        try session.script(
            "CREATE TABLE IF NOT EXISTS storage_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL)")
        let recorded = try recordedMigrations(session)
        for name in recorded.keys.sorted() where !contains(where: { $0.name == name }) {
            throw .databaseIsNewer(migration: name, path: path)
        }
        for migration in self {
            if let checksum = recorded[migration.name] {
                guard checksum == migration.checksum else {
                    throw .migrationChanged(name: migration.name, path: path)
                }
                continue
            }
            try session.begin()
            do {
                try session.script(migration.sql)
                _ = try session.run(
                    "INSERT INTO storage_migrations (name, checksum) VALUES (?, ?)",
                    [migration.name, migration.checksum])
                try session.commit()
            } catch {
                session.rollBack()
                throw error
            }
        }
    }

    private func recordedMigrations(_ session: SQLiteSession) throws(StorageError) -> [String: String] {
        var recorded: [String: String] = [:]
        try session.each("SELECT name, checksum FROM storage_migrations", []) { row in
            if case .text(let name) = row.scalars[0], case .text(let checksum) = row.scalars[1] {
                recorded[name] = checksum
            }
            return true
        }
        return recorded
    }
}
