import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

@Suite struct BrokerTraceTests {
    private var stage = Stage()
    private static let told = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private init(_ ratio: Double?) {
        stage.broker.traces = ratio.map(Broker.Traces.init)
        stage.register("w", announcing: #"{"credit":9,"instance":"i"}"#)
    }

    init() { self.init(0) }

    private mutating func headers(_ sent: String?) throws -> JSON {
        let request = try #require(stage.ask("{}", headers: sent).first)
        return try JSON(parsing: request.body[1])
    }

    @Test func withoutTracesHeadersPassAsTheyAre() throws {
        var test = BrokerTraceTests(nil)
        #expect(try test.headers(#"{"traceparent":"x"}"#)["traceparent"] == "x")
        #expect(try test.headers(nil)["traceparent"] == nil)
    }

    @Test mutating func aSampledTraceGoesOnBelowTheGateway() throws {
        let request = try #require(
            stage.ask("{}", headers: #"{"traceparent":"\#(Self.told)","tracestate":"a=b"}"#).first)
        let headers = try JSON(parsing: request.body[1])
        let handed = try #require(headers["traceparent"]?.string.flatMap { TraceContext(Array($0.utf8)) })
        #expect(handed.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(handed.parent != 0x00f0_67aa_0ba9_02b7)
        #expect(handed.isSampled)
        #expect(headers["tracestate"] == "a=b")
        stage.answer(request, "{}")
        let marks = try #require(stage.broker.traces?.marks)
        #expect(marks.count == 3)
        guard case .accepted(let slot, let context, let span, "echo", _) = marks[0] else {
            Issue.record("\(marks)")
            return
        }
        #expect(context.traceparent == Self.told)
        #expect(span == handed.parent)
        #expect(marks[1...] == [.dispatched(slot: slot), .ended(slot: slot, fault: nil)])
        #expect(stage.broker.traces?.open.isEmpty == true)
    }

    @Test mutating func aTraceThatIsNotSampledLeavesNothing() throws {
        let headers = try headers(#"{"traceparent":"\#(Self.told.dropLast(2))00"}"#)
        #expect(headers["traceparent"]?.string?.hasSuffix("-00") == true)
        #expect(stage.broker.traces?.marks == [])
    }

    @Test mutating func aNewTraceDropsTheStateOfAnInvalidOne() throws {
        let headers = try headers(#"{"traceparent":"00-nothing","tracestate":"a=b"}"#)
        #expect(headers["traceparent"]?.string.flatMap { TraceContext(Array($0.utf8)) }?.isSampled == false)
        #expect(headers["tracestate"] == nil)
        #expect(headers.object?.count { $0.key == "traceparent" } == 1)
    }

    @Test func theShareDecides() throws {
        for (ratio, expected) in [(0.0, 0...0), (0.5, 350...650), (1.0, 1000...1000)] {
            var test = BrokerTraceTests(ratio)
            for _ in 0..<1000 {
                let request = try #require(test.stage.ask("{}").first)
                test.stage.answer(request, "{}")
            }
            #expect(expected.contains((test.stage.broker.traces?.marks.count ?? 0) / 3))
        }
    }

    @Test mutating func faultsAreNamed() throws {
        stage.ask("{}", headers: #"{"traceparent":"\#(Self.told)"}"#)
        stage.send(.disconnect(.v02), from: "w")
        #expect(stage.broker.traces?.marks.count == 2, "it may still answer")
        stage.broker.traces?.marks = []
        _ = stage.pass(Int64(stage.broker.limits.expiry))
        guard case .ended(_, "workerLost")? = stage.broker.traces?.marks.first else {
            Issue.record("\(String(describing: stage.broker.traces?.marks))")
            return
        }
    }
}
