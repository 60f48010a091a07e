/// What can go wrong with a database. `description` says where and what to do next; it is meant for the log and the
/// operator, never for a client.
public enum StorageError: Error, Sendable, Equatable {
    /// The rule of a table that a row broke.
    public enum Constraint: String, Sendable {
        case unique, foreignKey, notNull, check
        /// A trigger of the schema refused (`RAISE(ABORT, …)`), or a rule of another kind.
        case rule
    }

    /// A row breaks a rule of its table; `message` is the engine's, such as `UNIQUE constraint failed: fund.name`.
    case constraint(Constraint, message: String)
    /// Another process holds the database.
    case busy(path: String)
    /// The queue of waiting reads or writes has reached its limit.
    case full(waiting: Int)
    /// Closed, or used outside the closure it was given to.
    case closed
    /// `Connection.interrupt` ended a statement.
    case interrupted
    /// The file is damaged or is not a database.
    case corrupt(path: String, message: String)
    /// No space left where the database is.
    case noSpace(path: String)
    /// The file or its directory cannot be written.
    case readOnly(path: String)
    /// The file or its directory cannot be opened.
    case cannotOpen(path: String, reason: String)
    /// A migration that is already in the database has another text in this program.
    case migrationChanged(name: String, path: String)
    /// The database has a migration that this program does not know: it was written by a newer one.
    case databaseIsNewer(migration: String, path: String)
    /// The group of writes was not committed; none of them happened.
    case commitFailed(String)
    /// A statement that the engine refuses. A programming error.
    case statement(message: String, sql: String)
    /// A row has no such column. A programming error.
    case noColumn(String, has: [String])
    /// A column holds something that is not a value of the wanted type.
    case mismatch(column: String, wanted: String, found: String)
    /// A value that no column can hold: a NaN, or text with a NUL.
    case unstorable(String)
    /// The copy was made but did not pass its check.
    case backupFailed(path: String, message: String)
    /// The disk or the system failed below the engine.
    case device(path: String, message: String)
}

extension StorageError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .constraint(let kind, let message): "A row breaks a \(kind.rawValue) rule: \(message)"
        case .busy(let path):
            "\(path) is locked by another process. Stop the other process that has it open, then try again."
        case .full(let waiting): "\(waiting) operations wait already, which is the limit. Try again in a moment."
        case .interrupted: "The statement was ended, since nobody waits for it any more."
        case .closed: "The database is closed, or a connection was used outside its closure."
        case .corrupt(let path, let message):
            "\(path) is damaged or is not a database (\(message)). Keep the file, and restore the latest backup."
        case .noSpace(let path):
            "No space is left on the disk of \(path). Nothing was changed. Free space, then try again."
        case .readOnly(let path):
            "\(path) or its directory cannot be written. Give this user write permission, or set IEUM_DATA to a "
                + "directory that can be written."
        case .cannotOpen(let path, let reason):
            "\(path) cannot be opened (\(reason)). Check that the directory exists and that this user may use it."
        case .migrationChanged(let name, let path):
            "The migration '\(name)' in \(path) differs from the one in this program. A migration that was applied is "
                + "never edited: restore its text and add a new migration."
        case .databaseIsNewer(let migration, let path):
            "\(path) was written by a newer program (it has the migration '\(migration)'). Start that version, or "
                + "restore a backup that this version made."
        case .commitFailed(let message): "The transaction was not committed (\(message)). Nothing of it happened."
        case .statement(let message, let sql): "\(message) in: \(sql)"
        case .noColumn(let name, let has): "There is no column '\(name)'; there are: \(has.joined(separator: ", "))"
        case .mismatch(let column, let wanted, let found): "Column '\(column)' holds \(found), not \(wanted)."
        case .unstorable(let message): message
        case .backupFailed(let path, let message):
            "The backup to \(path) failed (\(message)). Nothing was left there. Check the disk, then try again."
        case .device(let path, let message):
            "The disk of \(path) failed (\(message)). Look at the system log before you write again."
        }
    }
}
