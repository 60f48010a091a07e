import ZeroMQ

/// The address that a worker sees: the place of the request in the broker's table, and eight random bytes that make it
/// fresh for each request and tell it from the place's former ones. It says nothing about the client.
struct ReplyToken: Hashable, Sendable {
    static let byteCount = 12
    let slot: Int
    let nonce: UInt64

    var key: ByteKey { ByteKey(UInt32(truncatingIfNeeded: slot), nonce) }

    init(slot: Int, nonce: UInt64) {
        self.slot = slot
        self.nonce = nonce
    }

    /// Nil when the frame cannot be one of ours.
    init?(_ message: Multipart, frame: Int) {
        let range = message.range(of: frame)
        guard range.count == Self.byteCount else { return nil }
        let start = range.lowerBound
        slot = (start..<start + 4).reduce(0) { $0 << 8 | Int(message.bytes[$1]) }
        nonce = (start + 4..<start + 12).reduce(0) { $0 << 8 | UInt64(message.bytes[$1]) }
    }
}

/// Random numbers for tokens: from the system in bulk, or from a seed, so that a simulation can be repeated.
struct Nonces: Sendable {
    private var pool: [UInt64] = []
    private var seed: UInt64?

    init(seed: UInt64? = nil) { self.seed = seed }

    mutating func next() -> UInt64 {
        if let state = seed {
            let advanced = state &+ 0x9e37_79b9_7f4a_7c15  // SplitMix64
            seed = advanced
            var value = advanced
            value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
            return value ^ value >> 31
        }
        if pool.isEmpty { pool = RandomWords.fromSystem(512) }
        return pool.removeLast()
    }
}
