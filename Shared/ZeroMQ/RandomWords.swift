import CZeroMQ

/// Random numbers from the system's generator, many with one call.
public enum RandomWords {
    public static func fromSystem(_ count: Int) -> [UInt64] {
        unsafe Array(unsafeUninitializedCapacity: count) { buffer, filled in
            // getrandom gives at most 256 bytes in one piece without an exception.
            for start in stride(from: 0, to: count, by: 32) {
                let words = min(32, count - start)
                guard let base = buffer.baseAddress, unsafe ieum_random(base + start, words * 8) != 0 else {
                    preconditionFailure("the system gives no random numbers")
                }
            }
            filled = count
        }
    }
}
