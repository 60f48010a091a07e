import Dispatch
import Foundation
import JSON
import Synchronization
import Vocabulary

/// `ieum-matching measure-kept DIRECTORY`: a start on an index that is kept there, then queries, and queries while
/// profiles change all the time.
struct KeptMeasurement {
    static let fingerprint: UInt64 = 1

    let directory: String
    let queries: Int
    let say: @Sendable (String) -> Void

    func run() throws -> JSON {
        var report = JSON.Members()
        let before = ProcessMemory.now()
        let store = SnapshotStore<TechnologyID>(directory: directory, fingerprint: Self.fingerprint)
        var index = TextIndex<TechnologyID>()
        let start = try ContinuousClock().measure { index = try store.load()?.index ?? index }
        report["startMs"] = .number((start / .milliseconds(1)).rounded())
        report["memoryBefore"] = before.json
        report["memoryAfterStart"] = ProcessMemory.now().json
        let tokeniser = Tokeniser()
        let wanted = RetrievalQueries(count: queries, tokeniser).list
        report["queryTerms"] = .number(
            (Double(wanted.reduce(0) { $0 + $1.entries.count }) / Double(max(wanted.count, 1)) * 10).rounded() / 10)
        for query in wanted.prefix(5) { _ = Self.answer(query, index) }
        let own = Times(wanted.map { query in ContinuousClock().measure { _ = Self.answer(query, index) } })
        report["query"] = own.json
        let after = ProcessMemory.now()
        report["memoryAfterQueries"] = after.json
        say("start in \(Int(start / .milliseconds(1))) ms; \(own); resident \(after.resident >> 20) MiB")
        report["loss"] = loss(index, Array(wanted.prefix(50)))
        report["updates"] = updates(index, wanted, tokeniser)
        return .object(report)
    }

    private static func answer(_ query: Query, _ index: TextIndex<TechnologyID>) -> Int {
        let statistics = index.statistics(for: query)
        let found = index.nearest(query, statistics, count: 20) { $0.facts.region != .jeju }
        return found.reduce(0) { $0 + query.contributions(of: $1.document.vector, in: statistics).count }
    }

    /// How the best twenty of the quantised pass compare with exact BM25 over everything.
    private func loss(_ index: TextIndex<TechnologyID>, _ queries: [Query]) -> JSON {
        var roughOverlap = 0.0
        var roughGain = 0.0
        var finalOverlap = 0.0
        for query in queries {
            let statistics = index.statistics(for: query)
            // Wide enough that rounding cannot keep one of the best out.
            let exact = index.nearest(query, statistics, count: min(20_000, index.count))
            let best = Set(exact.prefix(20).map(\.document.key))
            let rough = index.roughly(query, statistics, count: 20).map { index.document($0.number, in: $0.block).key }
            let final = index.nearest(query, statistics, count: 20).map(\.document.key)
            let scores = Dictionary(uniqueKeysWithValues: exact.map { ($0.document.key, $0.score) })
            roughOverlap += Double(best.intersection(rough).count) / Double(max(best.count, 1))
            finalOverlap += Double(best.intersection(final).count) / Double(max(best.count, 1))
            func gain(_ scores: [Double]) -> Double {
                scores.enumerated().reduce(0) { $0 + $1.element / log1(Double($1.offset) + 2) }
            }
            let ideal = gain(exact.prefix(20).map(\.score))
            roughGain += ideal > 0 ? gain(rough.map { scores[$0] ?? 0 }) / ideal : 1
        }
        let count = Double(max(queries.count, 1))
        say("quantised alone: overlap@20 \(roughOverlap / count); with exact rescoring: \(finalOverlap / count)")
        return [
            "quantisedOverlap20": .number(roughOverlap / count), "quantisedNdcg20": .number(roughGain / count),
            "rescoredOverlap20": .number(finalOverlap / count),
        ]
    }

    /// Profiles are replaced one after the other while a reader holds the index, first alone, then with queries beside
    /// them; blocks are joined on a thread of their own, as in the service.
    private func updates(_ index: TextIndex<TechnologyID>, _ queries: [Query], _ tokeniser: Tokeniser) -> JSON {
        var corpus = Corpus(seed: 7)
        let fresh = (0..<3_000).map { _ in tokeniser.vector(of: corpus.profile()) }
        let live = LiveCopy(index)
        let alone = Times(fresh.map { live.update($0) })
        say("an update: \(alone)")
        let isOver = Atomic(false)
        let count = Atomic(0)
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            while !isOver.load(ordering: .relaxed) {
                _ = live.update(fresh[count.add(1, ordering: .relaxed).newValue % fresh.count])
            }
        }
        DispatchQueue.global().async(group: group) {
            while !isOver.load(ordering: .relaxed) { if !live.join() { usleep(1_000) } }
        }
        let begun = ContinuousClock.now
        let beside = Times(queries.map { query in ContinuousClock().measure { _ = Self.answer(query, live.now) } })
        let rate = Double(count.load(ordering: .relaxed)) / ((ContinuousClock.now - begun) / .seconds(1))
        isOver.store(true, ordering: .relaxed)
        group.wait()
        say("beside \(Int(rate)) updates a second: \(beside)")
        return [
            "one": alone.json, "queriesBeside": beside.json, "besideASecond": .number(rate.rounded()),
            "blocks": .integer(Int64(live.now.parts.count)),
        ]
    }

    /// As `LiveIndex` has it, without a database.
    private final class LiveCopy: Sendable {
        private let state: Mutex<(index: TextIndex<TechnologyID>, random: SplitMix)>

        init(_ index: TextIndex<TechnologyID>) { state = Mutex((index, SplitMix(state: 11))) }

        var now: TextIndex<TechnologyID> { state.withLock { $0.index } }

        func update(_ vector: TermVector) -> Duration {
            let reader = now
            defer { withExtendedLifetime(reader) {} }
            return state.withLock { state in
                let block = state.random.pick(state.index.blocks)
                let key = block.key(of: state.random.below(block.count))
                return ContinuousClock().measure {
                    state.index.put(key, vector)
                    state.index.sealIfMany()
                }
            }
        }

        /// False when there was nothing to join.
        func join() -> Bool {
            guard let join = now.nextJoin() else { return false }
            let block = join.block()
            state.withLock { $0.index.adopt(block, for: join) }
            return true
        }
    }
}
