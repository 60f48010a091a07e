import Testing

@testable import CommandLine

@Suite struct BackoffTests {
    @Test func growsToItsCeilingAndForgetsAfterASteadyRun() {
        var backoff = Backoff()
        let waits = (0..<12).map { _ in backoff.wait(after: .milliseconds(10), chance: 1) }
        #expect(waits.first == Backoff.firstWaitMs)
        #expect(zip(waits, waits.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(waits.last == Backoff.longestWaitMs)
        #expect(backoff.wait(after: Backoff.steadyRun, chance: 1) == Backoff.firstWaitMs)
    }

    @Test func jitterStaysBetweenHalfAndWhole() {
        for step in 0..<100 {
            var backoff = Backoff()
            let wait = backoff.wait(after: .zero, chance: Double(step) / 100)
            #expect((Backoff.firstWaitMs / 2...Backoff.firstWaitMs).contains(wait))
        }
    }

    @Test func neverOverflows() {
        var backoff = Backoff()
        for _ in 0..<1000 { #expect(backoff.wait(after: .zero, chance: 0.99) <= Backoff.longestWaitMs) }
    }
}
