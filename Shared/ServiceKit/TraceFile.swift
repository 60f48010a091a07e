import Foundation
import JSON
import Synchronization
import Vocabulary

/// `IEUM_TRACE`: spans as OpenTelemetry JSON, one `resourceSpans` object a line, in `traces/<service>.jsonl` of the
/// data directory. The file and the one before it have a largest size; what a full disk refuses is lost.
public final class TraceFile: Sendable {
    /// A piece of one request's way.
    public struct Span: Sendable {
        let context: TraceContext
        let id: UInt64
        let name: String
        let start: Int64
        let end: Int64
        let attributes: [(String, String)]
        let fault: String?

        /// - Parameters:
        ///   - context: with the span above as `parent`; 0 when there is none.
        ///   - start: Unix nanoseconds, as `end`.
        ///   - fault: the error's name, when it ended with one.
        public init(
            _ context: TraceContext, id: UInt64, name: String, start: Int64, end: Int64,
            attributes: [(String, String)] = [], fault: String? = nil
        ) {
            (self.context, self.id, self.name, self.start, self.end) = (context, id, name, start, end)
            (self.attributes, self.fault) = (attributes, fault)
        }
    }

    public static let largestBytes = 16 << 20
    /// Spans that wait for the disk: who is faster loses some, not time.
    private static let waiting = 10_000

    /// Which share is traced of the requests that say nothing.
    public let ratio: Double
    private let spans: AsyncStream<Span>.Continuation
    private let writing: Task<Void, Never>

    /// Nil when `IEUM_TRACE` is not set.
    public convenience init?(_ configuration: Configuration, service: String) {
        guard let ratio = configuration.traceRatio else { return nil }
        self.init(directory: configuration.data + "/traces", service: service, ratio: ratio)
    }

    init(directory: String, service: String, ratio: Double, largestBytes: Int = TraceFile.largestBytes) {
        self.ratio = ratio
        try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        let (stream, spans) = AsyncStream.makeStream(of: Span.self, bufferingPolicy: .bufferingNewest(Self.waiting))
        self.spans = spans
        writing = Task.detached {
            var lines = Lines(path: "\(directory)/\(service).jsonl", largestBytes: largestBytes)
            for await span in stream { lines.append(span.json(of: service).text) }
        }
    }

    public func write(_ span: Span) { spans.yield(span) }

    /// Returns when everything is written.
    public func close() async {
        spans.finish()
        await writing.value
    }

    public static func newID() -> UInt64 { .random(in: 1 ... .max) }

    public static var now: Int64 {
        let time = Date().timeIntervalSince1970
        return Int64(time * 1e9)
    }

    private struct Lines {
        let path: String
        let largestBytes: Int
        var handle: FileHandle?
        var bytes = 0

        init(path: String, largestBytes: Int) {
            (self.path, self.largestBytes) = (path, largestBytes)
            open()
        }

        private mutating func open() {
            if !FileManager.default.fileExists(atPath: path) {
                _ = FileManager.default.createFile(
                    atPath: path, contents: nil, attributes: [.posixPermissions: 0o640])
            }
            handle = FileHandle(forWritingAtPath: path)
            bytes = Int((try? handle?.seekToEnd()) ?? 0)
        }

        mutating func append(_ line: String) {
            let data = Data((line + "\n").utf8)
            if bytes + data.count > largestBytes {
                try? handle?.close()
                try? FileManager.default.removeItem(atPath: path + ".1")
                try? FileManager.default.moveItem(atPath: path, toPath: path + ".1")
                open()
            }
            try? handle?.write(contentsOf: data)
            bytes += data.count
        }
    }
}

extension TraceFile.Span {
    /// OTLP/JSON: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
    func json(of service: String) -> JSON {
        var span: JSON = [
            "traceId": .string(context.traceID), "spanId": .string(TraceContext.hexadecimal(id)),
            "name": .string(name), "kind": 2, "startTimeUnixNano": .string(String(start)),
            "endTimeUnixNano": .string(String(max(start, end))),
            "attributes": .array(attributes.map { Self.attribute($0.0, $0.1) }),
        ]
        if context.parent != 0 { span["parentSpanId"] = .string(TraceContext.hexadecimal(context.parent)) }
        if let fault { span["status"] = ["code": 2, "message": .string(fault)] }
        let resource: JSON = [
            "attributes": [
                Self.attribute("service.name", "ieum-\(service)"),
                Self.attribute("service.version", ServiceDefinition.version),
            ]
        ]
        return [
            "resourceSpans": [
                ["resource": resource, "scopeSpans": [["scope": ["name": "ieum"], "spans": [span]]]]
            ]
        ]
    }

    private static func attribute(_ key: String, _ value: String) -> JSON {
        ["key": .string(key), "value": ["stringValue": .string(value)]]
    }
}
