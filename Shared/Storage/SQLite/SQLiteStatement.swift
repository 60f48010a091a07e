import GRDBSQLite
import Glibc

/// One compiled statement, used again and again by the thread that owns its connection. It speaks to SQLite directly:
/// a command runs about ten statements of a few microseconds each, and a layer between costs more than they do.
@safe final class SQLiteStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    /// A statement that is stepped through is not begun again by what it calls.
    private(set) var isRunning = false
    let isReadOnly: Bool
    private var names: [String]?

    /// - Throws: the engine's error; `statement` when there is more than one statement.
    init(_ sql: String, on connection: OpaquePointer) throws(SQLiteFailure) {
        var handle: OpaquePointer?
        var rest = ""
        let code = unsafe sql.withCString { text in
            var tail: UnsafePointer<CChar>?
            let code = unsafe sqlite3_prepare_v3(
                connection, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &tail)
            rest = unsafe tail.map { unsafe String(cString: $0) } ?? ""
            return code
        }
        guard code == SQLITE_OK else { throw unsafe SQLiteFailure(code, connection) }
        guard let handle = unsafe handle else { throw SQLiteFailure(SQLITE_MISUSE, "there is no statement") }
        unsafe self.handle = handle
        unsafe self.connection = connection
        isReadOnly = unsafe sqlite3_stmt_readonly(handle) != 0
        guard rest.allSatisfy({ $0.isWhitespace || $0 == ";" }) else {
            throw SQLiteFailure(SQLITE_MISUSE, "more than one statement")
        }
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Begins anew with these arguments.
    func bind(_ arguments: [(any SQLValue)?]) throws {
        let wanted = unsafe Int(sqlite3_bind_parameter_count(handle))
        guard wanted == arguments.count else {
            throw SQLiteFailure(SQLITE_MISUSE, "\(wanted) arguments are wanted, \(arguments.count) given")
        }
        for (index, argument) in arguments.enumerated() {
            let code = try bind(argument?.sql ?? .null, at: Int32(index + 1))
            guard code == SQLITE_OK else { throw unsafe SQLiteFailure(code, connection) }
        }
    }

    /// SQLite would cut text at a NUL and turn a NaN into NULL, both without a word; PostgreSQL refuses a NUL too.
    private func bind(_ scalar: SQLScalar, at place: Int32) throws(StorageError) -> Int32 {
        switch scalar {
        case .null: return unsafe sqlite3_bind_null(handle, place)
        case .integer(let value): return unsafe sqlite3_bind_int64(handle, place, value)
        case .real(let value):
            guard !value.isNaN else { throw .unstorable("A NaN cannot be stored. Store NULL instead.") }
            return unsafe sqlite3_bind_double(handle, place, value)
        case .text(var text):
            let code: Int32? = text.withUTF8 { bytes in
                guard let start = bytes.baseAddress else {
                    return unsafe sqlite3_bind_text(handle, place, "", 0, Self.copied)
                }
                guard unsafe memchr(start, 0, bytes.count) == nil else { return nil }
                return unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
                    unsafe sqlite3_bind_text(handle, place, text, Int32(bytes.count), Self.copied)
                }
            }
            guard let code else {
                throw .unstorable("Text with a NUL character cannot be stored. Remove the character.")
            }
            return code
        case .blob(let bytes):
            guard !bytes.isEmpty else { return unsafe sqlite3_bind_zeroblob(handle, place, 0) }
            return unsafe bytes.withUnsafeBytes { bytes in
                unsafe sqlite3_bind_blob(handle, place, bytes.baseAddress, Int32(bytes.count), Self.copied)
            }
        }
    }

    /// SQLITE_TRANSIENT: SQLite copies what it is given.
    private static var copied: sqlite3_destructor_type { unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// Steps to the end, or until `body` returns false; one that writes always goes to its end, since a half-stepped
    /// RETURNING changes only a part of its rows.
    func run(_ body: (Row) -> Bool) throws(SQLiteFailure) {
        isRunning = true
        defer {
            unsafe sqlite3_reset(handle)
            isRunning = false
        }
        var wanted = true
        while wanted || !isReadOnly {
            let code = unsafe sqlite3_step(handle)
            switch code {
            case SQLITE_ROW: if wanted { wanted = body(row) }
            case SQLITE_DONE: return
            default: throw unsafe SQLiteFailure(code, connection)
            }
        }
    }

    private var row: Row {
        let columns = unsafe Int(sqlite3_data_count(handle))
        if names?.count != columns {
            names = (0..<columns).map {
                unsafe sqlite3_column_name(handle, Int32($0)).map { unsafe String(cString: $0) } ?? ""
            }
        }
        return Row(columns: names ?? [], scalars: (0..<columns).map { scalar(at: Int32($0)) })
    }

    private func scalar(at column: Int32) -> SQLScalar {
        switch unsafe sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: return unsafe .integer(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: return unsafe .real(sqlite3_column_double(handle, column))
        case SQLITE_TEXT:
            guard let text = unsafe sqlite3_column_text(handle, column) else { return .text("") }
            let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, column)))
            return unsafe .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            guard let start = unsafe sqlite3_column_blob(handle, column) else { return .blob([]) }
            return unsafe .blob(
                [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))))
        default: return .null
        }
    }
}

/// What SQLite said: its extended result code and its message.
struct SQLiteFailure: Error {
    let code: Int32
    let message: String

    init(_ code: Int32, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ code: Int32, _ connection: OpaquePointer) {
        self.code = code
        message = unsafe String(cString: sqlite3_errmsg(connection))
    }
}
