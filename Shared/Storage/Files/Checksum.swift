/// A sum over bytes, against damage and not against malice: four lanes of words, each of which every step turns
/// one-to-one, so that a change of any single word changes its lane and the sum.
public struct Checksum: Sendable {
    private var lanes: (UInt64, UInt64, UInt64, UInt64) = (
        0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344, 0xA409_3822_299F_31D0, 0x082E_FA98_EC4E_6C89
    )
    private var length = 0

    init() {}

    public static func of(_ words: some Sequence<UInt64>) -> UInt64 {
        var lane: UInt64 = 0x4528_21E6_38D0_1377
        var count: UInt64 = 0
        for word in words {
            lane = step(lane, word)
            count += 1
        }
        return step(lane, count)
    }

    /// To be called once: what is not a multiple of 32 bytes is filled up.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        length += bytes.count
        var place = 0
        while place + 32 <= bytes.count {
            lanes.0 = Self.step(lanes.0, unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            lanes.1 = Self.step(lanes.1, unsafe bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self))
            lanes.2 = Self.step(lanes.2, unsafe bytes.loadUnaligned(fromByteOffset: place + 16, as: UInt64.self))
            lanes.3 = Self.step(lanes.3, unsafe bytes.loadUnaligned(fromByteOffset: place + 24, as: UInt64.self))
            place += 32
        }
        while place < bytes.count {
            lanes.0 = Self.step(lanes.0, UInt64(unsafe bytes[place]))
            place += 1
        }
    }

    var value: UInt64 {
        var sum = UInt64(length)
        for lane in [lanes.0, lanes.1, lanes.2, lanes.3] { sum = Self.step(sum, lane) }
        return sum
    }

    private static func step(_ lane: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (lane ^ word) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ (mixed >> 29)
    }
}
