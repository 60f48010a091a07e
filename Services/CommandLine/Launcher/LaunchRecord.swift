import Foundation

/// What the launcher knows about its processes, in `launcher.json` of the run directory, so that `ieum status`,
/// `ieum down` and the next `ieum up` can read it. It says something only while the launcher's lock is held.
struct LaunchRecord: Codable, Sendable {
    enum Phase: String, Codable, Sendable { case starting, ready, waiting, stopping, stopped }

    struct Process: Codable, Sendable {
        let name: String
        var phase: Phase = .starting
        /// nil while it waits to be started again.
        var pid: Int32?
        var startedAt: Date?
        var restarts = 0
        /// How the last run ended, in words.
        var lastEnd: String?
    }

    let pid: Int32
    let version: String
    let startedAt: Date
    let data: String
    /// Whether every service answered once.
    var isReady = false
    var processes: [Process]

    static func read(_ directories: Directories) -> LaunchRecord? {
        guard let bytes = FileManager.default.contents(atPath: directories.record) else { return nil }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try? decoder.decode(LaunchRecord.self, from: bytes)
    }

    /// The record of a launcher that lives, else nil.
    static func live(_ directories: Directories) -> LaunchRecord? {
        Lock.isHeld(directories.locks[0]) ? read(directories) : nil
    }

    /// Written whole or not at all: a reader never sees half a record.
    func write(_ directories: Directories) {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(self) else { return }
        try? bytes.write(to: URL(fileURLWithPath: directories.record), options: .atomic)
    }
}
