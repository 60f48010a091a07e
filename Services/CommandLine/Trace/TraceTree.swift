import Foundation
import JSON

/// One span of a line of `traces/*.jsonl`.
struct TraceSpan: Sendable, Hashable {
    let trace, id, parent, service, name: String
    /// Unix nanoseconds.
    let start, end: Int64
    let attributes: [String: String]
    let fault: String?

    /// The spans of a line; none when it is no OTLP/JSON, such as a line that is being written.
    static func spans(of line: some StringProtocol) -> [TraceSpan] {
        guard let json = try? JSON(parsing: String(line)) else { return [] }
        return (json["resourceSpans"]?.array ?? []).flatMap { resource -> [TraceSpan] in
            let service = texts(resource.at("/resource/attributes"))["service.name"] ?? "?"
            return (resource["scopeSpans"]?.array ?? []).flatMap { $0["spans"]?.array ?? [] }
                .compactMap { TraceSpan($0, service) }
        }
    }

    private init?(_ json: JSON, _ service: String) {
        guard let trace = json["traceId"]?.string, let id = json["spanId"]?.string,
            let start = json["startTimeUnixNano"]?.string.flatMap({ Int64($0) }),
            let end = json["endTimeUnixNano"]?.string.flatMap({ Int64($0) })
        else { return nil }
        (self.trace, self.id, self.service, self.start, self.end) = (trace, id, service, start, end)
        parent = json["parentSpanId"]?.string ?? ""
        name = json["name"]?.string ?? ""
        attributes = Self.texts(json["attributes"])
        fault = json.at("/status/code")?.integer == 2 ? json.at("/status/message")?.string ?? "error" : nil
    }

    private static func texts(_ attributes: JSON?) -> [String: String] {
        (attributes?.array ?? []).reduce(into: [:]) {
            $0[$1["key"]?.string ?? ""] = $1.at("/value/stringValue")?.string
        }
    }
}

/// The spans of one trace as a tree, over all processes.
struct TraceTree: Sendable {
    let id: String
    let spans: [TraceSpan]

    var start: Int64 { spans.map(\.start).min() ?? 0 }
    var nanoseconds: Int64 { (spans.map(\.end).max() ?? 0) - start }
    /// Spans whose parent was not written here: the first, or those below a caller of one's own.
    var roots: [TraceSpan] {
        let known = Set(spans.map(\.id))
        return spans.filter { !known.contains($0.parent) }.sorted { $0.start < $1.start }
    }

    /// All traces of some spans, oldest first.
    static func trees(_ spans: [TraceSpan]) -> [TraceTree] {
        Dictionary(grouping: spans, by: \.trace).map { TraceTree(id: $0.key, spans: $0.value) }
            .sorted { ($0.start, $0.id) < ($1.start, $1.id) }
    }

    /// Each span with its depth, parents before their children.
    var rows: [(depth: Int, span: TraceSpan)] {
        let below = Dictionary(grouping: spans, by: \.parent)
        var rows: [(Int, TraceSpan)] = []
        var seen: Set<String> = []
        func add(_ span: TraceSpan, _ depth: Int) {
            guard seen.insert(span.id).inserted else { return }
            rows.append((depth, span))
            for child in (below[span.id] ?? []).sorted(by: { $0.start < $1.start }) { add(child, depth + 1) }
        }
        for root in roots { add(root, 0) }
        return rows
    }

    var text: String {
        var table = Table([
            words("구간", "SPAN"), words("서비스", "SERVICE"), words("시작", "START"), words("걸림", "TOOK"), "",
        ])
        for (depth, span) in rows {
            var notes = span.fault.map { [Terminal.bad($0)] } ?? []
            if let wait = span.attributes["ieum.queue_us"].flatMap({ Int64($0) }), wait > 100 {
                notes.append(words("줄에서 \(Self.time(wait * 1_000))", "\(Self.time(wait * 1_000)) in line"))
            }
            table.row([
                String(repeating: "  ", count: depth) + span.name, span.service,
                "+" + Self.time(span.start - start), Self.time(span.end - span.start), notes.joined(separator: ", "),
            ])
        }
        return words("추적 \(id), \(Self.time(nanoseconds))", "trace \(id), \(Self.time(nanoseconds))") + "\n"
            + table.text
    }

    static func time(_ nanoseconds: Int64) -> String {
        nanoseconds < 10_000_000 ? "\(nanoseconds / 1_000) µs" : "\(nanoseconds / 1_000_000) ms"
    }
}
