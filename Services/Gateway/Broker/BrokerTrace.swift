import Majordomo
import ServiceKit
import ZeroMQ

/// Traces of requests (W3C): which are traced is decided when they are accepted, from their own traceparent or by lot.
/// The broker has no clock that is fine enough; it marks what happened, and whoever owns it notes the time.
///
/// A request that is not traced costs a comparison, and its traceparent in the headers for the worker: the decision
/// holds for everything that the worker calls.
extension Broker {
    enum TraceMark: Sendable, Hashable {
        case accepted(slot: Int, TraceContext, span: UInt64, service: String, requestID: UInt64)
        case dispatched(slot: Int)
        case ended(slot: Int, fault: String?)
    }

    /// What the worker is told instead of the client's traceparent.
    struct Handed: Sendable, Hashable {
        /// The gateway's span is its parent.
        let context: TraceContext
        /// The client's tracestate belongs to a trace that goes on.
        let keepsState: Bool
    }

    struct Traces {
        /// Of all numbers, those below are traced.
        let threshold: UInt64
        var marks: [TraceMark] = []
        /// Of requests that have not ended.
        var open: [Int: Handed] = [:]

        init(ratio: Double) {
            threshold = ratio >= 1 ? .max : UInt64(max(0, ratio) * 0x1p64)
        }
    }

    mutating func trace(_ slot: Int, _ headers: ArraySlice<UInt8>?, _ name: ByteKey) {
        guard let threshold = traces?.threshold, let nonce = requests[slot]?.nonce else { return }
        let told = headers.flatMap(Headers.trace)
        let context =
            told
            ?? TraceContext(
                traceHigh: nonces.next() | 1, traceLow: nonces.next(), parent: 0,
                isSampled: threshold == .max || nonces.next() < threshold)
        let span = nonces.next() | 1
        traces?.open[slot] = Handed(context: context.child(span), keepsState: told != nil)
        guard context.isSampled else { return }
        traces?.marks.append(
            .accepted(slot: slot, context, span: span, service: name.description, requestID: nonce))
    }

    mutating func markDispatched(_ slot: Int) {
        if traces?.open[slot]?.context.isSampled ?? false { traces?.marks.append(.dispatched(slot: slot)) }
    }

    mutating func markEnded(_ slot: Int, _ fault: Fault.Code?) {
        guard traces?.open.removeValue(forKey: slot)?.context.isSampled ?? false else { return }
        traces?.marks.append(.ended(slot: slot, fault: fault?.name))
    }
}

/// Turns the broker's marks into spans: the way through the gateway, and in it the wait for a worker.
struct GatewayTracer {
    private struct Open {
        let context: TraceContext
        let span: UInt64
        let service: String
        let requestID: UInt64
        let start: Int64
        var dispatched: Int64?
    }

    private let file: TraceFile
    private var open: [Int: Open] = [:]

    init(_ file: TraceFile) { self.file = file }

    mutating func note(_ marks: [Broker.TraceMark], at now: Int64) {
        for mark in marks {
            switch mark {
            case .accepted(let slot, let context, let span, let service, let requestID):
                open[slot] = Open(context: context, span: span, service: service, requestID: requestID, start: now)
            case .dispatched(let slot): open[slot]?.dispatched = now
            case .ended(let slot, let fault):
                guard let entry = open.removeValue(forKey: slot) else { continue }
                let wait = entry.dispatched.map { $0 - entry.start }
                file.write(
                    TraceFile.Span(
                        entry.context, id: entry.span, name: "→ \(entry.service)", start: entry.start, end: now,
                        attributes: [
                            ("ieum.request", String(entry.requestID, radix: 16)),
                            ("ieum.queue_us", wait.map { String($0 / 1_000) } ?? "not dispatched"),
                        ], fault: fault))
            }
        }
    }
}
