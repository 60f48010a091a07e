/// Builds an index of many documents at once: they go straight into blocks of the largest size, and nothing is counted
/// one by one. It cannot be searched before it is finished.
struct IndexAssembly<Key: IndexKey>: Sendable {
    private(set) var index = TextIndex<Key>()
    private var open = BlockAssembly<Key>()
    /// The numbers of the documents in the open block.
    private var numbers: [Key: Int] = [:]
    private var gone = Tombstones()

    init() {}

    var count: Int { index.count + numbers.count }

    mutating func put(_ key: Key, _ vector: TermVector, _ traits: Traits = Traits()) {
        remove(key)
        numbers[key] = open.count
        open.add(key, vector, traits)
        if open.count == Block<Key>.limit { seal() }
    }

    mutating func remove(_ key: Key) {
        if let number = numbers.removeValue(forKey: key) { gone.insert(number) } else { index.remove(key) }
    }

    private mutating func seal() {
        guard open.count > 0 else { return }
        index.append(TextIndex.Part(block: open.block(), dead: gone))
        open = BlockAssembly()
        numbers.removeAll(keepingCapacity: true)
        gone = Tombstones()
    }

    /// See `TextIndex.exchange`.
    mutating func exchange(_ block: Block<Key>, for same: Block<Key>) { index.exchange(block, for: same) }

    consuming func finished() -> TextIndex<Key> {
        seal()
        return index
    }
}
