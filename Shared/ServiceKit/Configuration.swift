import Foundation
public import Logging
public import ZeroMQ

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
    /// `IEUM_POLICY`: who may do what at the gateway, else `policy.yaml` in the data directory.
    public let policyPath: String
    /// `IEUM_GATEWAY`: a gateway on another machine, `tcp://host:port`; else the sockets of `run`.
    public let gateway: String?
    /// `IEUM_LOG_FORMAT=json`: one JSON object a line; else text.
    public let logsJSON: Bool
    /// `IEUM_TRACE`: the share of requests that are traced, 0 to 1; nil when tracing is off.
    public let traceRatio: Double?
    private let keyDays: Int64
    private let ownKey: String?
    private let serverKey: String?

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
        policyPath = set("IEUM_POLICY").map(Configuration.absolute) ?? data + "/policy.yaml"
        gateway = set("IEUM_GATEWAY")
        (ownKey, serverKey) = (set("IEUM_KEY"), set("IEUM_SERVER_KEY"))
        logLevel = set("IEUM_LOG_LEVEL").flatMap { Logger.Level(rawValue: $0) } ?? .info
        logsJSON = set("IEUM_LOG_FORMAT") == "json"
        traceRatio = set("IEUM_TRACE").flatMap(Double.init).flatMap { (0...1).contains($0) ? $0 : nil }
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

    public static func databaseFile(of service: String) -> String { "\(service).sqlite" }
    public func databasePath(of service: String) -> String { "\(data)/\(Self.databaseFile(of: service))" }
    /// What a service keeps of its database in another form, to be made anew from it at any time: not in backups, and
    /// removed by a restore.
    public static func indexDirectory(of service: String) -> String { "\(service).index" }
    public func indexPath(of service: String) -> String { "\(data)/\(Self.indexDirectory(of: service))" }
    public var gatewayEndpoint: String { gateway ?? "ipc://\(run)/gateway.sock" }

    /// On tcp the events are on the port after the requests'.
    public var eventsEndpoint: String {
        guard let gateway, let colon = gateway.lastIndex(of: ":"),
            let port = Int(gateway[gateway.index(after: colon)...])
        else { return "ipc://\(run)/events.sock" }
        return "\(gateway[...colon])\(port + 1)"
    }

    /// The gateway's own keys, without which it does not listen on tcp.
    public var serverKeyPath: String { "\(data)/gateway.key" }

    /// What a connection over tcp needs: `IEUM_KEY`, the file with this program's keys, and `IEUM_SERVER_KEY`, the
    /// gateway's public key. Nil on ipc, where the kernel says who connects.
    public var curve: CurveClient? {
        get throws {
            guard gateway?.hasPrefix("tcp:") ?? false else { return nil }
            guard let server = serverKey.flatMap({ CurveKey($0) }) else {
                throw Refused(
                    variable: "IEUM_SERVER_KEY",
                    rule: "the gateway's public key is expected, 40 characters of Z85 (ieum keys list on its machine)")
            }
            guard let ownKey else {
                throw Refused(variable: "IEUM_KEY", rule: "the file of this program's keys is expected (ieum keys new)")
            }
            return CurveClient(keys: try CurveFile.read(ownKey).pair, server: server)
        }
    }

    /// Absolute, without `.`, `..` or a closing slash.
    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardized.path
    }
}
