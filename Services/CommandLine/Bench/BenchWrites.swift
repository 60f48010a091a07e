import JSON
import ServiceKit

/// Commands that change something, each acknowledged only when it is on the disk.
struct BenchWrites: Sendable {
    let clients: Int
    let span: Duration

    func run(_ directories: Directories) async throws -> BenchReport.Writes {
        let line = try Line(directories)
        defer { line.close() }
        _ = try await write(line, "warm", 0)
        let begun = ContinuousClock.now
        let end = begun + span
        let spans = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for client in 0..<clients {
                group.addTask {
                    var spans: [Duration] = []
                    var number = 0
                    while ContinuousClock.now < end {
                        number += 1
                        spans.append(try await write(line, String(client), number))
                    }
                    return spans
                }
            }
            var all: [Duration] = []
            for try await part in group { all += part }
            return all.sorted()
        }
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        func percentile(_ share: Double) -> Double {
            spans.isEmpty ? 0 : spans[min(spans.count - 1, Int(Double(spans.count) * share))] / .microseconds(1)
        }
        return BenchReport.Writes(
            clients: clients, perSecond: Double(spans.count) / seconds, p50Us: percentile(0.5), p99Us: percentile(0.99))
    }

    private func write(_ line: Line, _ client: String, _ number: Int) async throws -> Duration {
        let begun = ContinuousClock.now
        _ = try await line.call(
            "matching.organisations.create",
            [
                "kind": "company", "nameKo": .string("측정 \(client)-\(number)"),
                "nameEn": .string("Bench \(client)-\(number)"), "region": "KR-30",
            ], key: "bench-\(clients)-\(client)-\(number)", deadline: .seconds(10))
        return ContinuousClock.now - begun
    }
}
