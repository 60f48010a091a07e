import GRDBSQLite

/// Lets a statement that runs for long be ended: SQLite asks from time to time.
@safe final class SQLiteInterruption {
    /// Instructions of SQLite's machine between two questions: about a millisecond.
    private static let pace: Int32 = 50_000

    /// Nil while nothing may be ended.
    var mustEnd: (() -> Bool)?
    private let connection: OpaquePointer

    init(_ connection: OpaquePointer) {
        unsafe self.connection = connection
        // It is taken off in `deinit`: SQLite never sees it after its end.
        unsafe sqlite3_progress_handler(
            connection, Self.pace,
            { context in
                guard let context = unsafe context else { return 0 }
                let asked = unsafe Unmanaged<SQLiteInterruption>.fromOpaque(context).takeUnretainedValue()
                return asked.mustEnd?() ?? false ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { unsafe sqlite3_progress_handler(connection, 0, nil, nil) }
}
