import Testing

@testable import CommandLine

@Suite struct TopTests {
    private func reading(
        _ seconds: Int, requests: Int64, instance: String = "a", calls: [String: Int64] = [:], cpuMs: Int64 = 0
    ) -> TopReading {
        var service = TopReading.Service(workers: 1, requests: requests)
        service.instance = instance
        service.cpuMs = cpuMs
        service.methods = calls.mapValues { TopReading.Method(count: $0, p50: 10, p99: 20_000) }
        return TopReading(
            at: ContinuousClock.Instant.now.advanced(by: .seconds(seconds)), connections: 3, subscriptions: 1,
            refused: 0,
            services: ["fund": service])
    }

    @Test func ratesComeFromTwoReadings() throws {
        let start = reading(0, requests: 100, calls: ["x": 5, "y": 50], cpuMs: 1_000)
        var end = reading(0, requests: 300, calls: ["x": 25, "y": 51, "service.stats": 900], cpuMs: 1_500)
        end = TopReading(
            at: start.at.advanced(by: .seconds(2)), connections: 3, subscriptions: 1, refused: 4, services: end.services
        )
        let report = TopReport(from: start, to: end)
        let row = try #require(report.services.first)
        #expect(row.requestsPerSecond == 100)
        #expect(row.busiest == "x")
        #expect(row.p99Us == 20_000)
        #expect(row.cpuPercent == 25)
        #expect(report.refusedPerSecond == 2)
        #expect(report.text.contains("20 ms"))
    }

    @Test func anotherProcessCountsFromZero() throws {
        let start = reading(0, requests: 100, instance: "a", calls: ["x": 500], cpuMs: 9_000)
        let end = reading(1, requests: 110, instance: "b", calls: ["x": 3], cpuMs: 10)
        let row = try #require(TopReport(from: start, to: end).services.first)
        #expect(row.requestsPerSecond > 0)
        #expect(row.errorsPerSecond == 0)
        #expect(row.cpuPercent == 0)
    }
}
