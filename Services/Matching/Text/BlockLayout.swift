import Storage

/// Where the parts of a block lie behind one another, in memory as in its file: what every query goes through first,
/// what is looked at for a few documents last.
struct BlockLayout {
    let documents: Int
    let terms: Int
    let postings: Int
    let contents: Int

    /// Five numbers: what this is, and how many there are of each.
    static var header: Int { 0 }
    private(set) var termsAt = 0
    private(set) var startsAt = 0
    private(set) var documentsAt = 0
    private(set) var impactsAt = 0
    private(set) var lengthsAt = 0
    private(set) var orderAt = 0
    private(set) var contentStartsAt = 0
    private(set) var keysAt = 0
    private(set) var traitsAt = 0
    private(set) var contentsAt = 0
    private(set) var byteCount = 0

    /// To be raised with every change of what stands in a block.
    private static let mark: UInt64 = 0x4945_554D_424C_0001

    init(documents: Int, terms: Int, postings: Int, contents: Int) {
        (self.documents, self.terms, self.postings, self.contents) = (documents, terms, postings, contents)
        var end = 64
        func place(_ bytes: Int, page: Int = 64) -> Int {
            let start = (end + page - 1) / page * page
            end = start + bytes
            return start
        }
        termsAt = place(terms * 8)
        startsAt = place((terms + 1) * 4)
        documentsAt = place(postings * 2)
        impactsAt = place(postings)
        lengthsAt = place(documents * 2)
        orderAt = place(documents * 2)
        contentStartsAt = place((documents + 1) * 4)
        // From here on other pages: a query looks at those of its best documents only.
        keysAt = place(documents * 16, page: 4_096)
        traitsAt = place(documents * Traits.wordCount * 8)
        contentsAt = place(contents, page: 4_096)
        byteCount = end
    }

    init(of memory: MappedMemory) throws(StorageError) {
        let numbers = try memory.column(UInt64.self, at: Self.header, count: 5)
        let limits: [UInt64] = [1 << 16, 1 << 32, 1 << 32, 1 << 32]
        guard numbers[0] == Self.mark, zip(numbers.dropFirst(), limits).allSatisfy({ $0 <= $1 }) else {
            throw .corrupt(path: memory.path ?? "memory", message: "no block")
        }
        self.init(
            documents: Int(numbers[1]), terms: Int(numbers[2]), postings: Int(numbers[3]), contents: Int(numbers[4]))
        guard byteCount == memory.byteCount else {
            throw .corrupt(path: memory.path ?? "memory", message: "\(memory.byteCount) bytes instead of \(byteCount)")
        }
    }

    var numbers: [UInt64] {
        [Self.mark, UInt64(documents), UInt64(terms), UInt64(postings), UInt64(contents)]
    }
}
