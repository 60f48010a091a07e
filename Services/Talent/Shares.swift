import Vocabulary

/// A share of full time over days `[start, end)`: the end day is the first that does not belong to it.
struct ShareSpan: Codable, Sendable, Hashable {
    let start: Day
    let end: Day
    /// Per cent of full time, 0...100.
    let share: Int
}

/// Arithmetic of shares over days. A sweep over the days on which something changes: its cost follows the number of
/// spans, not the number of days.
enum Shares {
    /// What is free on each day of `[start, end)`, as adjoining spans that differ; it covers the whole period, zeros
    /// included. On a day the free share is what the windows offer (at most 100) less what is taken, never below 0.
    static func free(from start: Day, to end: Day, available: [ShareSpan], taken: [ShareSpan]) -> [ShareSpan] {
        merged(
            sweep(from: start, to: end, available: available, taken: taken).map {
                ShareSpan(start: $0.start, end: $0.end, share: max(0, $0.offered - $0.taken))
            })
    }

    /// The days on which more is taken than the windows offer, with how much too much; empty if all is carried.
    static func excess(available: [ShareSpan], taken: [ShareSpan]) -> [ShareSpan] {
        guard let start = taken.map(\.start).min(), let end = taken.map(\.end).max() else { return [] }
        return merged(
            sweep(from: start, to: end, available: available, taken: taken).map {
                ShareSpan(start: $0.start, end: $0.end, share: max(0, $0.taken - $0.offered))
            }
        ).filter { $0.share > 0 }
    }

    /// True if every day of the spans has at least this share.
    static func fits(_ share: Int, in free: [ShareSpan]) -> Bool {
        free.allSatisfy { $0.share >= share }
    }

    /// The part of the days, 0...1, that has at least this share.
    static func part(_ share: Int, of free: [ShareSpan]) -> Double {
        let all = free.reduce(0) { $0 + ($1.end - $1.start) }
        let good = free.reduce(0) { $0 + ($1.share >= share ? $1.end - $1.start : 0) }
        return all == 0 ? 0 : Double(good) / Double(all)
    }

    private struct Balance {
        let start: Day
        let end: Day
        /// At most 100.
        let offered: Int
        let taken: Int
    }

    private static func sweep(from start: Day, to end: Day, available: [ShareSpan], taken: [ShareSpan]) -> [Balance] {
        guard start < end else { return [] }
        var offers: [Int: Int] = [:]
        var takes: [Int: Int] = [:]
        for span in available where span.start < end && start < span.end && span.start < span.end {
            offers[max(span.start, start).number, default: 0] += span.share
            offers[min(span.end, end).number, default: 0] -= span.share
        }
        for span in taken where span.start < end && start < span.end && span.start < span.end {
            takes[max(span.start, start).number, default: 0] += span.share
            takes[min(span.end, end).number, default: 0] -= span.share
        }
        let days = Set(offers.keys).union(takes.keys).union([start.number]).filter { $0 < end.number }.sorted()
        var balances: [Balance] = []
        var (offered, used) = (0, 0)
        for (day, next) in zip(days, days.dropFirst() + [end.number]) {
            offered += offers[day] ?? 0
            used += takes[day] ?? 0
            balances.append(
                Balance(start: Day(number: day), end: Day(number: next), offered: min(100, offered), taken: used))
        }
        return balances
    }

    private static func merged(_ spans: [ShareSpan]) -> [ShareSpan] {
        spans.reduce(into: []) { merged, span in
            if let last = merged.last, last.end == span.start, last.share == span.share {
                merged[merged.count - 1] = ShareSpan(start: last.start, end: span.end, share: span.share)
            } else {
                merged.append(span)
            }
        }
    }
}
