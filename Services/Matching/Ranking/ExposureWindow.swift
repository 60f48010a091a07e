import Vocabulary

/// How often a profile was shown in the window, and how much of that is fair.
struct Shown: Sendable, Hashable {
    var count = 0
    /// More than this is above the cap; nil while nothing was counted.
    var cap: Double?

    /// 0 up to the cap, then falling towards -1 as the excess grows: -1/2 at twice the cap.
    var value: Double? {
        guard let cap, Double(count) > cap, count > 0 else { return nil }
        return cap / Double(count) - 1
    }
}

/// Who was shown to how many in the last days. Repeating a question counts once a day, so that nobody can push another
/// over the cap by asking again and again.
///
/// The cap is a multiple of the fair share, the mean of all that were shown: recommendations are places in front of
/// people, and those that a few offers take beyond their share are lost to equally good ones (congestion).
struct ExposureWindow<Asker: Hashable & Sendable, Key: Hashable & Sendable>: Sendable {
    struct Pair: Hashable, Sendable {
        let asker: Asker
        let key: Key
    }

    struct Day: Sendable {
        var counts: [Key: Int] = [:]
        /// Of the present day alone.
        var pairs: Set<Pair> = []
    }

    /// Days that count, the present one included.
    static var length: Int64 { 7 }
    /// No cap below this: a few views are no congestion.
    static var floor: Double { 20 }
    /// So many times the fair share.
    static var factor: Double { 3 }
    /// Pairs counted a day; those beyond are not counted.
    static var pairLimit: Int { 100_000 }

    private(set) var days: [Int64: Day] = [:]
    private(set) var totals: [Key: Int] = [:]
    private(set) var sum = 0

    var cap: Double? {
        totals.isEmpty ? nil : max(Self.floor, Self.factor * Double(sum) / Double(totals.count))
    }

    func shown(_ key: Key) -> Shown { Shown(count: totals[key] ?? 0, cap: cap) }

    /// Forgets the days before the window.
    mutating func advance(to day: Int64) {
        for (old, content) in days where old <= day - Self.length {
            for (key, count) in content.counts { change(key, -count) }
            days[old] = nil
        }
        for (old, content) in days where old < day && !content.pairs.isEmpty { days[old]?.pairs = [] }
    }

    /// Counts what one answer shows; returns those that were new today.
    mutating func show(_ keys: [Key], to asker: Asker, on day: Int64) -> [Key] {
        advance(to: day)
        var content = days.removeValue(forKey: day) ?? Day()
        defer { days[day] = content }
        return keys.filter { key in
            guard content.pairs.count < Self.pairLimit,
                content.pairs.insert(Pair(asker: asker, key: key)).inserted
            else { return false }
            content.counts[key, default: 0] += 1
            change(key, 1)
            return true
        }
    }

    /// What an earlier process counted; the pairs themselves are not kept.
    mutating func restore(_ key: Key, _ count: Int, on day: Int64) {
        days[day, default: Day()].counts[key, default: 0] += count
        change(key, count)
    }

    private mutating func change(_ key: Key, _ difference: Int) {
        let count = (totals[key] ?? 0) + difference
        totals[key] = count > 0 ? count : nil
        sum += difference
    }
}
