import ArgumentParser
import Foundation
import JSON

/// `ieum trace`: where a request's time went, over all processes.
struct Trace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("요청 하나가 거친 길과 시간을 보인다.", "Shows the way of one request and its times."),
        discussion: words(
            "IEUM_TRACE=0.01 처럼 켜면 요청의 그만큼을, 그리고 traceparent 의 sampled 표시가 있는 요청을 적는다. 추적 id 나 요청 id 로 찾는다.",
            "IEUM_TRACE=0.01 writes that share of the requests, and those whose traceparent says sampled. Found by the "
                + "trace's id or the request's."))

    @Argument(help: .init(words("추적 id, 또는 요청 id.", "The trace's id, or a request's.")))
    var id: String?

    @Flag(help: .init(words("마지막 것.", "The latest.")))
    var last = false

    @Flag(help: .init(words("가장 오래 걸린 것들의 목록.", "A list of those that took longest.")))
    var slow = false

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    private static let listed = 10

    private struct Listed: Encodable {
        struct Span: Encodable {
            let id, parent, service, name: String
            let startMicroseconds, microseconds: Int64
            let fault: String?
        }
        let trace: String
        let microseconds: Int64
        let spans: [Span]

        init(_ tree: TraceTree) {
            trace = tree.id
            microseconds = tree.nanoseconds / 1_000
            spans = tree.rows.map { _, span in
                Span(
                    id: span.id, parent: span.parent, service: span.service, name: span.name,
                    startMicroseconds: (span.start - tree.start) / 1_000,
                    microseconds: (span.end - span.start) / 1_000, fault: span.fault)
            }
        }
    }

    func run() async throws {
        guard [id != nil, last, slow].filter(\.self).count == 1 else {
            throw Failure(
                .usage, words("무엇을 보일지 하나만 고른다.", "Say which, one way."),
                next: words("추적 id, --last, --slow 가운데 하나.", "An id, --last or --slow."))
        }
        let trees = TraceTree.trees(Trace.spans(Directories().data + "/traces"))
        if slow {
            let chosen = trees.sorted { $0.nanoseconds > $1.nanoseconds }.prefix(Trace.listed)
            return json ? try Terminal.json(chosen.map(Listed.init)) : Terminal.line(Trace.list(Array(chosen)))
        }
        let found = last ? trees.last : trees.last { $0.has(id ?? "") }
        guard let found else {
            throw Failure(
                .refused, words("그런 추적이 없다.", "There is no such trace."),
                next: words(
                    "IEUM_TRACE 를 켰는가? 예: IEUM_TRACE=1 ieum up", "Is IEUM_TRACE set? For example IEUM_TRACE=1 ieum up"))
        }
        if json { try Terminal.json(Listed(found)) } else { Terminal.line(found.text) }
    }

    private static func list(_ trees: [TraceTree]) -> String {
        var table = Table([words("추적", "TRACE"), words("걸림", "TOOK"), words("구간", "SPANS"), words("요청", "REQUEST")])
        for tree in trees {
            let name = tree.rows.first { $0.depth > 0 }?.span.name ?? tree.roots.first?.name ?? ""
            table.row([tree.id, TraceTree.time(tree.nanoseconds), String(tree.spans.count), name])
        }
        return table.text
    }

    /// Of every service, and of the file before each.
    private static func spans(_ directory: String) -> [TraceSpan] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.sorted().flatMap { name -> [TraceSpan] in
            let bytes = FileManager.default.contents(atPath: "\(directory)/\(name)") ?? Data()
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").flatMap(TraceSpan.spans(of:))
        }
    }
}

extension TraceTree {
    fileprivate func has(_ id: String) -> Bool {
        self.id == id || spans.contains { $0.attributes["ieum.request"] == id }
    }
}
