import Foundation
public import Logging

/// What the environment says, with the defaults of the README's table.
public struct Configuration: Sendable {
    /// The sockets: `IEUM_RUN`, else `$XDG_RUNTIME_DIR/ieum`, else `/tmp/ieum-<uid>`.
    public let run: String
    /// Databases and logs: `IEUM_DATA`, else `$XDG_DATA_HOME/ieum`, else `~/.local/share/ieum`.
    public let data: String
    /// `IEUM_LOG_LEVEL`: trace, debug, info, notice, warning, error or critical.
    public let logLevel: Logger.Level
    /// The master key of personal data: `IEUM_TALENT_KEY_FILE`, else `talent.key` beside the databases.
    public let talentKeyFile: String
    private let keyDays: Int64

    public static let standardKeyAge = Duration.seconds(7 * 86_400)
    static let keyDaysRange: ClosedRange<Int64> = 1...3_650

    public init() {
        self.init(environment: ProcessInfo.processInfo.environment)
    }

    public init(environment: [String: String]) {
        func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let temporary = "/tmp/ieum-\(geteuid())"
        run = Configuration.absolute(
            set("IEUM_RUN") ?? set("XDG_RUNTIME_DIR").map { $0 + "/ieum" } ?? temporary)
        data = Configuration.absolute(
            set("IEUM_DATA") ?? set("XDG_DATA_HOME").map { $0 + "/ieum" }
                ?? set("HOME").map { $0 + "/.local/share/ieum" } ?? temporary + "/data")
        talentKeyFile = set("IEUM_TALENT_KEY_FILE") ?? data + "/talent.key"
        logLevel = set("IEUM_LOG_LEVEL").flatMap { Logger.Level(rawValue: $0) } ?? .info
        keyDays = set("IEUM_IDEMPOTENCY_DAYS").map { Int64($0) ?? 0 } ?? 7
    }

    /// `IEUM_IDEMPOTENCY_DAYS`: how long a service remembers idempotency keys.
    public var keyAge: Duration {
        get throws {
            guard Configuration.keyDaysRange.contains(keyDays) else {
                let range = Configuration.keyDaysRange
                throw Refused(
                    variable: "IEUM_IDEMPOTENCY_DAYS",
                    rule: "a whole number from \(range.lowerBound) to \(range.upperBound) is expected")
            }
            return .seconds(keyDays * 86_400)
        }
    }

    /// A variable that holds what it must not.
    public struct Refused: Error, CustomStringConvertible {
        let variable: String
        let rule: String
        public var description: String { "\(variable): \(rule); correct it or remove it" }
    }

    public var gatewayEndpoint: String { "ipc://\(run)/gateway.sock" }
    public var eventsEndpoint: String { "ipc://\(run)/events.sock" }
    public static func databaseFile(of service: String) -> String { "\(service).sqlite" }
    public func databasePath(of service: String) -> String { "\(data)/\(Self.databaseFile(of: service))" }

    /// Absolute, without `.`, `..` or a closing slash.
    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardized.path
    }
}
