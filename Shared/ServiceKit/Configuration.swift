import Foundation
public import Logging

/// What the environment says, with the defaults of the README's table.
public struct Configuration: Sendable {
    /// The sockets: `IEUM_RUN`, else `$XDG_RUNTIME_DIR/ieum`, else a folder of this user's in the temporary directory.
    public let run: String
    /// Databases and logs: `IEUM_DATA`, else `$XDG_DATA_HOME/ieum`, else `~/.local/share/ieum`.
    public let data: String
    /// `IEUM_LOG_LEVEL`: trace, debug, info, notice, warning, error or critical.
    public let logLevel: Logger.Level

    public init() {
        self.init(environment: ProcessInfo.processInfo.environment)
    }

    public init(environment: [String: String]) {
        func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let temporary = set("TMPDIR") ?? "/tmp"
        let home = set("HOME") ?? temporary
        run = Configuration.absolute(
            set("IEUM_RUN") ?? set("XDG_RUNTIME_DIR").map { $0 + "/ieum" } ?? "\(temporary)/ieum-\(geteuid())")
        data = Configuration.absolute(
            set("IEUM_DATA") ?? set("XDG_DATA_HOME").map { $0 + "/ieum" } ?? home + "/.local/share/ieum")
        logLevel = set("IEUM_LOG_LEVEL").flatMap { Logger.Level(rawValue: $0) } ?? .info
    }

    public var gatewayEndpoint: String { "ipc://\(run)/gateway.sock" }
    public var eventsEndpoint: String { "ipc://\(run)/events.sock" }
    public func databasePath(of service: String) -> String { "\(data)/\(service).sqlite" }

    /// Absolute, without `.`, `..` or a closing slash.
    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardized.path
    }
}
