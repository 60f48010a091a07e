import Testing

@testable import CommandLine

@Suite struct TraceTreeTests {
    private func line(_ id: String, parent: String, service: String, start: Int, end: Int, fault: Bool = false)
        -> String
    {
        let status = fault ? #","status":{"code":2,"message":"conflict"}"# : ""
        return
            #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"\#(service)"}}]},"#
            + #""scopeSpans":[{"spans":[{"traceId":"t","spanId":"\#(id)","parentSpanId":"\#(parent)","name":"n\#(id)","#
            + #""startTimeUnixNano":"\#(start)","endTimeUnixNano":"\#(end)"\#(status)}]}]}]}"#
    }

    @Test func spansOfAllProcessesAreOneTree() throws {
        let lines = [
            line("c", parent: "b", service: "fund", start: 30_000, end: 60_000, fault: true),
            line("a", parent: "elsewhere", service: "gateway", start: 10_000, end: 90_000),
            line("b", parent: "a", service: "matching", start: 20_000, end: 80_000), "{ half a li",
        ]
        let trees = TraceTree.trees(lines.flatMap(TraceSpan.spans(of:)))
        let tree = try #require(trees.first)
        #expect(trees.count == 1)
        #expect(tree.nanoseconds == 80_000)
        #expect(tree.rows.map { "\($0.depth)\($0.span.id)" } == ["0a", "1b", "2c"])
        #expect(tree.text.contains("conflict"))
        #expect(tree.text.contains("+20 µs"))
    }

    @Test func aCircleEnds() {
        let lines = [
            line("a", parent: "b", service: "x", start: 1, end: 2),
            line("b", parent: "a", service: "x", start: 1, end: 2),
        ]
        #expect(TraceTree.trees(lines.flatMap(TraceSpan.spans(of:))).first?.rows.isEmpty == true)
    }
}
