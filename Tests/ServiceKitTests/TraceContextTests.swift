import Foundation
import JSON
import Testing

@testable import ServiceKit

@Suite struct TraceContextTests {
    private static let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private func read(_ text: String) -> TraceContext? { TraceContext(Array(text.utf8)) }

    @Test func whatIsValidIsReadAndWritten() throws {
        let context = try #require(read(Self.valid))
        #expect(context.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(context.parent == 0x00f0_67aa_0ba9_02b7)
        #expect(context.isSampled)
        #expect(context.traceparent == Self.valid)
        #expect(context.child(1).traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000001-01")
        #expect(read(Self.valid.dropLast(2) + "00")?.isSampled == false)
        // Unknown flags do not matter; a later version may go on.
        #expect(read(Self.valid.dropLast(2) + "ff")?.isSampled == true)
        #expect(read("01" + Self.valid.dropFirst(2) + "-more") != nil)
    }

    @Test(arguments: [
        "", "00", valid + "-", valid + "0", "ff" + valid.dropFirst(2), valid.uppercased(),
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-010",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        "01" + valid.dropFirst(2) + "x",
    ])
    func whatIsNotBeginsANewTrace(text: String) { #expect(read(text) == nil) }
}

@Suite struct TraceFileTests {
    @Test func spansAreLinesAndTheFileIsBounded() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ieum-traces-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = TraceFile(directory: folder, service: "fund", ratio: 1, largestBytes: 4_000)
        let context = TraceContext(traceHigh: 1, traceLow: 2, parent: 3, isSampled: true)
        for number in 1...20 {
            file.write(
                TraceFile.Span(
                    context, id: UInt64(number), name: "fund.x", start: 10, end: 20, attributes: [("a", "b")],
                    fault: number == 20 ? "conflict" : nil))
        }
        await file.close()
        let text = try String(contentsOfFile: folder + "/fund.jsonl", encoding: .utf8)
        #expect(text.utf8.count <= 4_000)
        #expect(FileManager.default.fileExists(atPath: folder + "/fund.jsonl.1"))
        let line = try JSON(parsing: try #require(text.split(separator: "\n").last.map(String.init)))
        let span = try #require(line.at("/resourceSpans/0/scopeSpans/0/spans/0"))
        #expect(span["traceId"] == "00000000000000010000000000000002")
        #expect(span["spanId"] == "0000000000000014")
        #expect(span["parentSpanId"] == "0000000000000003")
        #expect(span["endTimeUnixNano"] == "20")
        #expect(span.at("/status/message") == "conflict")
        #expect(line.at("/resourceSpans/0/resource/attributes/0/value/stringValue") == "ieum-fund")
    }
}
