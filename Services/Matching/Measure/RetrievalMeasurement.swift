import Foundation
import JSON
import Storage
import Vocabulary

/// `ieum-matching measure-retrieval`: the text index over generated profiles, beside SQLite's FTS5 and tantivy on the
/// same terms of the same profiles with the same queries.
///
/// A query is what a need asks: all its terms, a filter on the region that nine of ten profiles pass, the best twenty
/// scored exactly, and the contribution of every term; on one thread. The others get the terms as words of their own,
/// keep counts but no positions and no texts, and answer the best twenty by BM25 without filter and explanation.
struct RetrievalMeasurement {
    var profiles = 1_000_000
    var queries = 300
    /// FTS5 takes seconds for each at a million.
    var fts5Queries = 20
    var besidePeers = true
    private var report = JSON.Members()
    private let say: @Sendable (String) -> Void

    init(say: @escaping @Sendable (String) -> Void) { self.say = say }

    mutating func run() async throws -> JSON {
        let folder = FileManager.default.temporaryDirectory.path + "/ieum-measure-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        say("\(profiles) profiles of \(Corpus.lengths) words, \(queries) queries")
        let tokeniser = Tokeniser()
        try keep(build(tokeniser), in: folder)
        let own = try measureKept(in: folder)
        guard besidePeers else { return .object(report) }
        let wanted = RetrievalQueries(count: queries, tokeniser).list
        let fts5 = FTS5Peer(profiles: profiles, tokeniser: tokeniser, say: say)
        report["fts5"] = try await fts5.measure(Array(wanted.prefix(fts5Queries)), in: folder)
        report["tantivy"] = try TantivyPeer(profiles: profiles, tokeniser: tokeniser, say: say).measure(wanted)
        for peer in ["fts5", "tantivy"] {
            guard let median = report[peer]?.at("/query/p50Ms")?.double, own > 0 else { continue }
            report["\(peer)ToOwnAtTheMedian"] = .number((median / own * 10).rounded() / 10)
            say("\(peer): \((median / own * 10).rounded() / 10) times as long as Ieum at the median")
        }
        return .object(report)
    }

    private mutating func build(_ tokeniser: Tokeniser) -> TextIndex<TechnologyID> {
        var corpus = Corpus()
        var assembly = IndexAssembly<TechnologyID>()
        var random = SplitMix(state: 3)
        let moment = Instant.now()
        var spent = Duration.zero
        var processor = 0.0
        func timed(_ body: () -> Void) {
            let begun = clock()
            spent += ContinuousClock().measure(body)
            processor += Double(clock() - begun) / 1_000_000
        }
        let batch = 5_000
        for first in stride(from: 0, to: profiles, by: batch) {
            let documents = (first..<min(first + batch, profiles)).map { _ in
                (
                    corpus.profile(), TechnologyID.new(at: moment),
                    Traits(facts: Facts(region: random.below(10) == 0 ? .jeju : .daejeon))
                )
            }
            timed {
                let vectors = tokeniser.vectors(of: documents.map(\.0))
                for (document, vector) in zip(documents, vectors) { assembly.put(document.1, vector, document.2) }
            }
            if (first + batch) % 100_000 == 0 { say("indexed \(first + batch)") }
        }
        var index = TextIndex<TechnologyID>()
        timed { index = assembly.finished() }
        let rate = (Double(profiles) / (spent / .seconds(1))).rounded()
        report["profiles"] = .integer(Int64(profiles))
        report["profilesASecond"] = .number(rate)
        report["profilesAProcessorSecond"] = .number((Double(profiles) / processor).rounded())
        report["blocks"] = .integer(Int64(index.parts.count))
        report["postings"] = .integer(Int64(index.blocks.reduce(0) { $0 + $1.documents.count }))
        say("indexed \(rate) profiles a second, \((Double(profiles) / processor).rounded()) a processor second")
        return index
    }

    private mutating func keep(_ index: TextIndex<TechnologyID>, in folder: String) throws {
        let store = SnapshotStore<TechnologyID>(directory: folder, fingerprint: KeptMeasurement.fingerprint)
        guard try store.mayWrite() else { return }
        let spent = try ContinuousClock().measure { _ = try store.save(index, sequence: 1, witnesses: []) }
        report["writeMs"] = .number((spent / .milliseconds(1)).rounded())
        report["fileBytes"] = .integer(Int64(index.blocks.reduce(0) { $0 + $1.memory.byteCount }))
        say("written in \(Int(spent / .milliseconds(1))) ms")
    }

    /// In a process of its own, as after a start: nothing of the building is in its memory.
    ///
    /// - Returns: the median of a query in milliseconds.
    private mutating func measureKept(in folder: String) throws -> Double {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["measure-kept", folder, "--queries", "\(queries)"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let kept = try JSON(parsing: answer)
        for (name, value) in kept.object ?? JSON.Members() { report[name] = value }
        return kept.at("/query/p50Ms")?.double ?? 0
    }
}

/// The needs that are asked, the same for all.
struct RetrievalQueries {
    let list: [Query]

    init(count: Int, _ tokeniser: Tokeniser) {
        var asking = Corpus(seed: 1)
        for _ in 0..<97 { _ = asking.profile() }
        list = (0..<count).map { _ in Query(tokeniser.vector(of: asking.query())) }
    }
}
