import JSON
import ServiceKit
import ZeroMQ

/// The headers frame (protocol.md, "Body frames"): read for the deadline, and rewritten for the worker.
enum Headers {
    /// What only the gateway may say. Whatever a client writes here is removed.
    static let reserved: [String] = ["principal", "roles", "requestId", "receivedAt", "cancels"]

    struct Malformed: Error {}

    /// The deadline in Unix milliseconds, when there is one; throws when the frame is no JSON object.
    static func deadline(_ frame: ArraySlice<UInt8>) throws(Malformed) -> Int64? {
        var deadline: Int64?
        var isNumber = true
        try walk(frame) { name, _, value in
            guard name == .deadline else { return }
            deadline = Int64(String(decoding: frame[value], as: UTF8.self))
            // Fractions and exponents are numbers as well; null is as good as absent.
            if deadline == nil, let number = Double(String(decoding: frame[value], as: UTF8.self)), abs(number) < 9e15 {
                deadline = Int64(number)
            }
            isNumber = deadline != nil || frame[value].elementsEqual("null".utf8)
        }
        guard isNumber else { throw Malformed() }
        return deadline
    }

    /// The trace that a client's request belongs to; nil when it names none that is valid.
    static func trace(_ frame: ArraySlice<UInt8>) -> TraceContext? {
        var found: TraceContext?
        try? walk(frame) { name, _, value in
            if name == .traceparent, value.count > 2 { found = TraceContext(frame[value].dropFirst().dropLast()) }
        }
        return found
    }

    /// Appends the frame for the worker: the gateway's members, then the client's others as they were.
    /// - Parameters:
    ///   - frame: the client's headers; nil when it sent none. They have been read by `deadline`.
    ///   - stored: the name of a request that comes from store and forward, and may come twice: its idempotency key,
    ///     unless the client gave one.
    ///   - takesPartials: false for a 0.1 client, which can take one reply: it does not want PARTIALs, whatever it says.
    static func append(
        to message: inout Multipart, client frame: ArraySlice<UInt8>?, principal: Principal, requestID: UInt64,
        receivedAt: Int64, takesPartials: Bool, trace: Broker.Handed?, stored: ArraySlice<UInt8>? = nil,
        scratch: inout [UInt8]
    ) {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(UInt8(ascii: "{"))
        scratch.append(contentsOf: principal.stamp)
        scratch.append(contentsOf: #","requestId":""#.utf8)
        appendHexadecimal(requestID, to: &scratch)
        scratch.append(contentsOf: #"","receivedAt":"#.utf8)
        appendDecimal(receivedAt, to: &scratch)
        if let trace { append(trace.context, to: &scratch) }
        var hasKey = false
        if let frame {
            var kept: [UInt8] = []  // moved in and back, not copied: the closure may not capture an inout
            swap(&kept, &scratch)
            try? walk(frame) { name, member, _ in
                if name == .key { hasKey = true }
                if name == .reserved || name == .partials && !takesPartials { return }
                if let trace, name == .traceparent || name == .tracestate && !trace.keepsState { return }
                kept.append(UInt8(ascii: ","))
                kept.append(contentsOf: frame[member])
            }
            swap(&kept, &scratch)
        }
        if let stored, !hasKey {
            scratch.append(contentsOf: #","idempotencyKey":"titanic-"#.utf8)
            scratch.append(contentsOf: stored)
            scratch.append(UInt8(ascii: "\""))
        }
        scratch.append(UInt8(ascii: "}"))
        message.append(scratch)
    }

    /// The frame that tells a worker which request was cancelled.
    static func cancelling(_ requestID: UInt64) -> [UInt8] {
        var frame = Array(#"{"cancels":"#.utf8) + [UInt8(ascii: "\"")]
        appendHexadecimal(requestID, to: &frame)
        return frame + Array(#""}"#.utf8)
    }

    private enum Name { case reserved, deadline, partials, traceparent, tracestate, key, other }

    /// Visits the members of a whole frame: which name it is, the member with its key, and its value.
    private static func walk(
        _ frame: ArraySlice<UInt8>, _ visit: (Name, _ member: Range<Int>, _ value: Range<Int>) -> Void
    ) throws(Malformed) {
        var scan = JSONScan(frame)
        do {
            try scan.members { key, isEscaped, value in
                visit(name(frame[key], isEscaped), key.lowerBound - 1..<value.upperBound, value)
                return true
            }
        } catch { throw Malformed() }
        scan.skipSpace()
        if !scan.isAtEnd { throw Malformed() }
    }

    private static func name(_ key: ArraySlice<UInt8>, _ isEscaped: Bool) -> Name {
        if isEscaped {
            // "princip\u0061l" is the same name.
            let quoted = [UInt8(ascii: "\"")] + key + [UInt8(ascii: "\"")]
            guard let text = try? JSON(parsing: quoted).string else { return .reserved }
            return name(Array(text.utf8)[...], false)
        }
        if key.elementsEqual("deadline".utf8) { return .deadline }
        if key.elementsEqual("partials".utf8) { return .partials }
        if key.elementsEqual("traceparent".utf8) { return .traceparent }
        if key.elementsEqual("tracestate".utf8) { return .tracestate }
        if key.elementsEqual("idempotencyKey".utf8) { return .key }
        for word in reserved where key.elementsEqual(word.utf8) { return .reserved }
        return .other
    }

    private static func append(_ trace: TraceContext, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: #","traceparent":"00-"#.utf8)
        appendHexadecimal(trace.traceHigh, to: &bytes)
        appendHexadecimal(trace.traceLow, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendHexadecimal(trace.parent, to: &bytes)
        bytes.append(contentsOf: (trace.isSampled ? #"-01""# : #"-00""#).utf8)
    }

    private static func appendHexadecimal(_ value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: UInt64(60), through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> shift & 15)
            bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }

    private static func appendDecimal(_ value: Int64, to bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = value.magnitude
        repeat {
            bytes.append(0x30 + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes[start...].reverse()
    }
}
