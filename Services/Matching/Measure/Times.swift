import Foundation
import JSON

/// How long something took, many times over.
struct Times: CustomStringConvertible {
    /// In milliseconds, ascending.
    private let milliseconds: [Double]

    init(_ durations: [Duration]) { milliseconds = durations.map { $0 / .milliseconds(1) }.sorted() }

    var median: Double { quantile(0.5) }
    func quantile(_ share: Double) -> Double {
        milliseconds.isEmpty ? 0 : milliseconds[min(milliseconds.count - 1, Int(share * Double(milliseconds.count)))]
    }

    var json: JSON {
        [
            "p50Ms": .number(rounded(median)), "p99Ms": .number(rounded(quantile(0.99))),
            "count": .integer(Int64(milliseconds.count)),
        ]
    }

    var description: String { "p50 \(rounded(median)) ms, p99 \(rounded(quantile(0.99))) ms" }

    private func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
}

extension RetrievalMeasurement {
    /// Each once for warmth, then each measured once.
    func time<T>(_ inputs: [T], _ body: (T) -> Int) -> Times {
        var total = 0
        for input in inputs.prefix(20) { total += body(input) }
        let clock = ContinuousClock()
        let durations = inputs.map { input in clock.measure { total &+= body(input) } }
        return Times(total == .min ? [] : durations)
    }

    /// What of this process is in memory (Linux; 0 elsewhere).
    static func residentBytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })
        else { return 0 }
        return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1_024
    }
}
