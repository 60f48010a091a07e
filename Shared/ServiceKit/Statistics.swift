import JSON
import Synchronization
import Vocabulary

/// Counts and times of every method since the start, for `service.stats`.
final class Statistics: Sendable {
    /// Durations in buckets of at most 1/8 of their value: enough for percentiles, 4 KiB a method whatever the load.
    private struct Histogram {
        private var buckets = [Int64](repeating: 0, count: 512)
        private(set) var count: Int64 = 0
        private(set) var total: Int64 = 0

        mutating func record(microseconds: Int64) {
            buckets[Histogram.bucket(of: UInt64(max(0, microseconds)))] += 1
            count += 1
            total += max(0, microseconds)
        }

        /// The upper bound of the bucket that holds the given share of all values, in microseconds.
        func percentile(_ share: Double) -> Int64? {
            guard count > 0 else { return nil }
            var rest = Int64((Double(count) * share).rounded(.up))
            for (index, bucket) in buckets.enumerated() {
                rest -= bucket
                if rest <= 0 { return Histogram.bound(of: index) }
            }
            return nil
        }

        private static func bucket(of value: UInt64) -> Int {
            if value < 8 { return Int(value) }
            let exponent = 63 - value.leadingZeroBitCount
            return min(511, (exponent - 2) * 8 + Int(value >> UInt64(exponent - 3)) & 7)
        }

        private static func bound(of bucket: Int) -> Int64 {
            if bucket < 8 { return Int64(bucket) }
            let exponent = bucket / 8 + 2
            guard exponent < 60 else { return .max }
            return Int64(8 + bucket % 8 + 1) << Int64(exponent - 3) - 1
        }
    }

    private struct Entry {
        private(set) var errors: Int64 = 0
        private(set) var lastError: JSON?
        private(set) var times = Histogram()

        mutating func record(_ microseconds: Int64, _ error: JSON?) {
            times.record(microseconds: microseconds)
            guard let error else { return }
            errors += 1
            lastError = error
        }
    }

    private let entries = Mutex<[String: Entry]>([:])
    /// Events that the log refused, since ever.
    let eventsSetAside = Atomic<Int>(0)
    /// Events of others that a consumer could not handle, since ever.
    let eventsUnhandled = Atomic<Int>(0)

    func record(_ method: String, microseconds: Int64, fault: Fault?, at now: Instant) {
        let error: JSON? = fault.map { fault in
            [
                "name": .string(fault.code.name), "message": .string(fault.message.en), "at": .string(now.description),
            ]
        }
        entries.withLock { $0[method, default: Entry()].record(microseconds, error) }
    }

    var totals: (requests: Int64, errors: Int64) {
        entries.withLock { $0.values.reduce(into: (0, 0)) { $0 = ($0.0 + $1.times.count, $0.1 + $1.errors) } }
    }

    var json: JSON {
        let entries = entries.withLock { $0 }
        return .array(
            entries.sorted { $0.key < $1.key }.map { name, entry in
                var json: JSON = [
                    "method": .string(name), "count": .integer(entry.times.count), "errors": .integer(entry.errors),
                    "totalUs": .integer(entry.times.total),
                ]
                for (label, share) in [("p50Us", 0.5), ("p95Us", 0.95), ("p99Us", 0.99)] {
                    json[label] = entry.times.percentile(share).map(JSON.integer) ?? .null
                }
                if let error = entry.lastError { json["lastError"] = error }
                return json
            })
    }
}
