import Storage

/// The one small file that says what the kept index consists of. It is replaced in one step, so what it names was
/// complete on the disk before. A list of numbers, the last of which is their checksum.
struct SnapshotManifest: Equatable {
    struct BlockFile: Equatable {
        let name: UInt64
        let byteCount: Int
        let checksum: UInt64
        /// See `Tombstones`.
        let dead: [UInt64]

        var fileName: String { Self.fileName(name) }

        static func fileName(_ name: UInt64) -> String { String(name, radix: 16) + SnapshotStore<Int>.blockSuffix }
    }

    /// A row as it was when the index had followed it; in a database of another past it is another.
    struct Witness: Equatable {
        let key: UInt128
        let changed: Int64
        let updatedAt: Int64
    }

    var fingerprint: UInt64
    /// The change up to which the index has followed its rows.
    var sequence: Int64
    var liveLength: Int
    var blocks: [BlockFile]
    var witnesses: [Witness]
    var terms: [UInt64]
    var counts: [UInt32]

    private static let mark: UInt64 = 0x4945_554D_4D41_4E01

    var words: [UInt64] {
        var words: [UInt64] = [
            Self.mark, fingerprint, UInt64(bitPattern: sequence), UInt64(liveLength), UInt64(blocks.count),
        ]
        for block in blocks {
            words += [block.name, UInt64(block.byteCount), block.checksum, UInt64(block.dead.count)] + block.dead
        }
        words.append(UInt64(witnesses.count))
        for witness in witnesses {
            words += [
                UInt64(truncatingIfNeeded: witness.key >> 64), UInt64(truncatingIfNeeded: witness.key),
                UInt64(bitPattern: witness.changed), UInt64(bitPattern: witness.updatedAt),
            ]
        }
        words.append(UInt64(terms.count))
        words += terms
        words += counts.map { UInt64($0) }
        words.append(Checksum.of(words))
        return words
    }

    init(
        fingerprint: UInt64, sequence: Int64, liveLength: Int, blocks: [BlockFile], witnesses: [Witness],
        terms: [UInt64], counts: [UInt32]
    ) {
        self.fingerprint = fingerprint
        self.sequence = sequence
        self.liveLength = liveLength
        self.blocks = blocks
        self.witnesses = witnesses
        self.terms = terms
        self.counts = counts
    }

    /// Nil for anything but what `words` gives.
    init?(words: some RandomAccessCollection<UInt64>) {
        guard let sum = words.last, Checksum.of(words.dropLast()) == sum else { return nil }
        var rest = words.dropLast()[...]
        func take() -> UInt64? { rest.popFirst() }
        func count(of size: Int) -> Int? {
            take().flatMap { Int(exactly: $0) }.flatMap { $0 <= rest.count / size ? $0 : nil }
        }
        func list(_ count: Int) -> [UInt64] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        guard take() == Self.mark, let fingerprint = take(), let sequence = take(),
            let length = take().flatMap({ Int(exactly: $0) }), let blockCount = count(of: 4)
        else { return nil }
        var blocks: [BlockFile] = []
        for _ in 0..<blockCount {
            guard let name = take(), let bytes = take().flatMap({ Int(exactly: $0) }), let sum = take(),
                let dead = count(of: 1)
            else { return nil }
            blocks.append(BlockFile(name: name, byteCount: bytes, checksum: sum, dead: list(dead)))
        }
        guard let witnessCount = count(of: 4) else { return nil }
        var witnesses: [Witness] = []
        for _ in 0..<witnessCount {
            let words = list(4)
            witnesses.append(
                Witness(
                    key: UInt128(words[0]) << 64 | UInt128(words[1]), changed: Int64(bitPattern: words[2]),
                    updatedAt: Int64(bitPattern: words[3])))
        }
        guard let termCount = count(of: 2) else { return nil }
        let terms = list(termCount)
        let counts = list(termCount).map { UInt32(truncatingIfNeeded: $0) }
        guard rest.isEmpty else { return nil }
        self.init(
            fingerprint: fingerprint, sequence: Int64(bitPattern: sequence), liveLength: length, blocks: blocks,
            witnesses: witnesses, terms: terms, counts: counts)
    }
}
