/// A database file that no process has open: a backup, or what a stopped service left.
public struct DatabaseCopy: Sendable {
    public let path: String

    public init(path: String) {
        self.path = path
    }

    /// Reads every page and every index. Blocks while it does.
    ///
    /// - Returns: the names of the migrations it has.
    /// - Throws: `corrupt` when something in it is damaged, `cannotOpen` when there is none.
    @discardableResult
    public func verify() throws(StorageError) -> [String] {
        try SQLiteFile(path: path, busySeconds: 0).inspect()
    }

    /// Whether another process has it open after all. False when there is no such file.
    public func isInUse() throws(StorageError) -> Bool {
        try SQLiteFile(path: path, busySeconds: 0).isOpenElsewhere()
    }
}
