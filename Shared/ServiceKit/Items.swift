public import JSON
import Synchronization

/// What a streaming method (`Method.stream`) gives its caller bit by bit. A caller that takes PARTIALs gets the items
/// in batches as `{"items": […]}`; what is left at the end, and everything for a caller that takes none, is `rest`,
/// which the handler puts into the `items` of its result. So the whole is always: the items of all PARTIALs, then those
/// of the result.
///
/// One call is bounded in bytes, since nobody in between can make the caller faster: when `send` returns false, the
/// handler ends with a result that says where the next call goes on.
public final class Items<Item: Encodable & Sendable>: Sendable {
    private struct State {
        var waiting: [Item] = []
        /// Their JSON, with commas between.
        var text: [UInt8] = []
        var sentBytes = 0
    }

    /// A batch goes out when it has so many bytes, or a tenth of a second after the one before.
    static var batchBytes: Int { 64 << 10 }
    /// Bytes of all PARTIALs of one call: below what the gateway keeps for a slow client.
    static var callBytes: Int { 4 << 20 }
    /// Bytes of the items in a result, which must fit into one message.
    static var resultBytes: Int { 512 << 10 }

    private let call: Call
    private let state = Mutex(State())

    init(_ call: Call) { self.call = call }

    /// Gives one item. Waits while the way to the gateway is full.
    ///
    /// - Returns: false when this was the last that the call has room for.
    /// - Throws: `CancellationError` when nobody waits for the items any more.
    public func send(_ item: Item) async throws -> Bool {
        try Task.checkCancellation()
        let text = try JSON.encode(item).bytes
        let batch: [UInt8]? = state.withLock { state in
            state.waiting.append(item)
            if !state.text.isEmpty { state.text.append(UInt8(ascii: ",")) }
            state.text += text
            let isFull = state.text.count >= Self.batchBytes
            guard call.takesPartials, call.request?.isPartialDue(evenNow: isFull) ?? false else { return nil }
            defer {
                state.sentBytes += state.text.count
                (state.waiting, state.text) = ([], [])
            }
            return state.text
        }
        if let batch {
            let value = Array(#"{"items":["#.utf8) + batch + Array("]}".utf8)
            while !call.send(partial: value) { try await Task.sleep(for: .milliseconds(2)) }
        }
        return state.withLock { $0.sentBytes < Self.callBytes && $0.text.count < Self.resultBytes }
    }

    /// The items that have not been sent: for the result.
    public var rest: [Item] { state.withLock { $0.waiting } }
}

extension Method {
    /// Gives many items, one after the other; `R` has a member `items` of the same kind for the rest of them.
    public static func stream<P: Decodable & Sendable, Item: Encodable & Sendable, R: Encodable & Sendable>(
        _ name: String, _ summary: Bilingual, role: Role = .viewer,
        _ body: @escaping @Sendable (P, Call, Items<Item>) async throws -> R
    ) -> Method {
        var method = action(name, summary, role: role, idempotent: true) { (p: P, call) in
            try await body(p, call, Items(call))
        }
        method.isStream = true
        return method
    }
}
