import Foundation
import GRDB

/// How a database file is opened, checked and copied. All of GRDB that is not a statement stands here.
struct SQLiteFile: Sendable {
    /// Nil for a private database in memory.
    let path: String?
    let busySeconds: Double

    /// For messages.
    var name: String { path ?? "the database in memory" }

    /// Pages are read one by one to check a small file; a large one would delay the start.
    private static let largestChecked = 32 << 20
    /// Pages that a backup copies between two words about it: 4 MiB.
    private static let backupPages: CInt = 1024

    /// The one connection that writes. WAL with a sync at every commit: what was acknowledged survives a power cut.
    func openWriter() throws(StorageError) -> SQLiteConnection {
        do {
            guard let path else {
                return SQLiteConnection(try DatabaseQueue(named: nil, configuration: configuration()), path: name)
            }
            try prepareDirectory(path)
            let queue = try DatabaseQueue(path: path, configuration: configuration(wal: true))
            try queue.writeWithoutTransaction { db in
                // What is deleted is overwritten (erasure of personal data relies on it), and what a killed process
                // left in the log goes into the main file now. The log grows to 16 MiB before it is brought into the
                // main file, so that a page that every commit changes is written there once for many; a savepoint's
                // undo pages never go through a file.
                try db.execute(
                    sql: """
                        PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = ON;
                        PRAGMA wal_autocheckpoint = 4096; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;
                        PRAGMA wal_checkpoint(TRUNCATE)
                        """)
                try check(db, path: path)
            }
            return SQLiteConnection(queue, path: path)
        } catch {
            throw openingError(error)
        }
    }

    func openReader() throws(StorageError) -> SQLiteConnection {
        do {
            let queue = try DatabaseQueue(path: path ?? ":memory:", configuration: configuration(readonly: true))
            return SQLiteConnection(queue, path: name)
        } catch {
            throw openingError(error)
        }
    }

    /// Copies the whole database, as it is at this moment, to `target`, while others read and write; checks the copy
    /// and puts it in place in one step.
    ///
    /// - Parameter goesOn: hears how many pages of how many are copied; false gives the copy up.
    func backup(
        to target: String, _ goesOn: @escaping (_ done: Int, _ total: Int) -> Bool
    ) throws(StorageError) {
        let partial = target + ".partial"
        defer { Self.remove(partial) }
        do {
            Self.remove(partial)
            try SQLiteFile(path: partial, busySeconds: busySeconds).prepareDirectory(partial)
            let copy = try DatabaseQueue(path: partial)
            try openReader().queue.read { source in
                // What is read first fixes the moment: without it, each step would see a later one and begin again.
                _ = try Int.fetchOne(source, sql: "SELECT COUNT(*) FROM sqlite_schema")
                try copy.writeWithoutTransaction { target in
                    try source.backup(to: target, pagesPerStep: Self.backupPages) { progress in
                        guard goesOn(progress.completedPageCount, progress.totalPageCount) else {
                            throw CancellationError()
                        }
                    }
                }
            }
            let findings = try copy.writeWithoutTransaction { db in
                // A copy of a WAL database says WAL; one plain file is easier to carry.
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
                return try String.fetchAll(db, sql: "PRAGMA integrity_check(5)")
            }
            try copy.close()
            guard findings == ["ok"] else {
                throw StorageError.backupFailed(path: target, message: findings.joined(separator: "; "))
            }
            try Self.sync(partial)
            guard unsafe rename(partial, target) == 0 else {
                throw StorageError.backupFailed(path: target, message: unsafe String(cString: strerror(errno)))
            }
            try? Self.sync(URL(fileURLWithPath: target).deletingLastPathComponent().path)
        } catch {
            throw StorageError(engine: error, path: target)
        }
    }

    /// Looks at every page of a copy that nobody has open.
    ///
    /// - Returns: the names of its migrations, in the order of their names.
    func inspect() throws(StorageError) -> [String] {
        do {
            guard let path, FileManager.default.fileExists(atPath: path) else {
                throw StorageError.cannotOpen(path: name, reason: "there is no such file")
            }
            let queue = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
            defer { try? queue.close() }
            return try queue.read { db in
                let findings = try String.fetchAll(db, sql: "PRAGMA integrity_check(5)")
                guard findings == ["ok"] else {
                    throw StorageError.corrupt(path: path, message: findings.joined(separator: "; "))
                }
                return try String.fetchAll(db, sql: "SELECT name FROM storage_migrations ORDER BY name")
            }
        } catch {
            throw openingError(error)
        }
    }

    /// Whether another process has the file open now: SQLite grants a connection that wants it alone only then.
    func isOpenElsewhere() throws(StorageError) -> Bool {
        guard let path, FileManager.default.fileExists(atPath: path) else { return false }
        do {
            var configuration = Configuration()
            configuration.busyMode = .immediateError
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT")
            }
            return false
        } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
            return true
        } catch {
            throw openingError(error)
        }
    }

    static func canWrite(_ path: String) -> Bool {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return FileManager.default.isWritableFile(atPath: path)
            && FileManager.default.isWritableFile(atPath: directory)
    }

    private func configuration(wal: Bool = false, readonly: Bool = false) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busySeconds)
        configuration.readonly = readonly
        if wal { configuration.journalMode = .wal }
        return configuration
    }

    /// The directory and the file are made private before SQLite sees them; its other files inherit the mode.
    private func prepareDirectory(_ path: String) throws {
        let files = FileManager.default
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if !files.fileExists(atPath: directory) {
            try files.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        }
        guard files.isWritableFile(atPath: directory) else { throw StorageError.readOnly(path: path) }
        if !files.fileExists(atPath: path) {
            guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                throw errno == ENOSPC
                    ? StorageError.noSpace(path: path)
                    : StorageError.cannotOpen(path: path, reason: "the file could not be created")
            }
        }
        guard files.isWritableFile(atPath: path) else { throw StorageError.readOnly(path: path) }
    }

    /// Cheap: the header and the schema always, every page only while the file is small.
    private func check(_ db: GRDB.Database, path: String) throws {
        _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master")
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        guard size <= Self.largestChecked else { return }
        let findings = try String.fetchAll(db, sql: "PRAGMA quick_check(3)")
        guard findings == ["ok"] else {
            throw StorageError.corrupt(path: path, message: findings.joined(separator: "; "))
        }
    }

    private func openingError(_ error: any Error) -> StorageError {
        if error is DatabaseError || error is StorageError { return StorageError(engine: error, path: name) }
        return .cannotOpen(path: name, reason: (error as NSError).localizedDescription)
    }

    private static func sync(_ path: String) throws {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw StorageError.device(path: path, message: unsafe String(cString: strerror(errno)))
        }
    }

    private static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
    }
}
