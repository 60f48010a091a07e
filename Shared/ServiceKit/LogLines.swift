import Foundation
import JSON
public import Logging
import Vocabulary

/// `IEUM_LOG_FORMAT=json`: one JSON object a line, for programs that collect logs.
///
///     {"time":"2026-11-21T02:03:04.005Z","level":"warning","service":"fund","message":"…","request":"…","method":"…"}
public struct LogLines: LogHandler {
    public var logLevel = Logger.Level.info
    public var metadata: Logger.Metadata = [:]
    private let service: String
    private let write: @Sendable (String) -> Void

    public init(service: String, write: @escaping @Sendable (String) -> Void = LogLines.toStandardError) {
        self.service = service
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line: JSON = [
            "time": .string(Instant.now().description), "level": .string(event.level.rawValue),
            "service": .string(service), "message": .string("\(event.message)"),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) where line[name] == nil {
            line[name] = Self.json(value)
        }
        write(line.text + "\n")
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSON {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): .string("\(value)")
        case .array(let values): .array(values.map(json))
        case .dictionary(let members):
            .object(
                JSON.Members(uniqueKeysWithValues: members.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) }))
        }
    }

    @Sendable public static func toStandardError(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }
}

extension Call {
    /// The service's log, with this request in every line: `ieum logs --request ID` finds them in all services.
    public var log: Logger {
        var log = logger
        log[metadataKey: "request"] = "\(requestId)"
        log[metadataKey: "method"] = "\(method)"
        log[metadataKey: "principal"] = "\(principal)"
        return log
    }
}

extension Service {
    /// A request that did not end well, by its id. What the caller did wrong is seen at `debug` only; an internal error
    /// has been logged with its cause.
    func note(_ fault: Fault, _ method: String, _ headers: JSON) {
        let level: Logger.Level =
            switch fault.code {
            case .internalError: .trace
            case .overloaded, .deadlineExceeded, .workerLost, .noResponders: .warning
            default: .debug
            }
        guard log.logLevel <= level else { return }
        log.log(
            level: level, "request failed: \(fault.message.en)",
            metadata: [
                "request": "\(headers["requestId"]?.string ?? "")", "method": "\(method)",
                "principal": "\(headers["principal"]?.string ?? "")", "error": "\(fault.code.name)",
            ])
    }
}
