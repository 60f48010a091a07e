import Foundation
import Testing

/// Processes die at random (SIGKILL, SIGTERM, or a sleep by SIGSTOP) while twelve clients do business over all services;
/// then what the clients were told is held against what the books say. Fifteen seconds in `make test`; `make chaos`
/// takes minutes.
///
/// What holds afterwards (`ChaosAudit`):
/// 1. What was acknowledged is there, exactly once, in the state that was acknowledged last; what was refused is not.
/// 2. A request repeated with its key got the first answer again.
/// 3. Nothing scarce was promised twice: hours, days and money within their capacity, one holder for a technology; the
///    ledger sums to zero.
/// 4. Every flow ended, all posted or all undone.
/// 5. Events have gapless numbers, each id once; each acknowledged change has its one event, each event its fact.
/// 6. A plain request got its own answer, or an error; a stored one has its own reply, or is a dead letter.
@Suite(.timeLimit(.minutes(120))) struct ChaosTests {
    @Test func whatWasPromisedIsInTheBooks() async throws {
        let environment = ProcessInfo.processInfo.environment
        let minutes = environment["IEUM_CHAOS_MINUTES"].flatMap(Double.init) ?? 0.2
        let seed = environment["IEUM_CHAOS_SEED"].flatMap(UInt64.init) ?? .random(in: 0...999_999)
        try await Crowd.with { crowd in
            let chaos = try await Chaos(crowd, seed: seed)
            try await chaos.reign(for: .seconds(minutes * 60))
            let findings = try await ChaosAudit(chaos).findings()
            chaos.end()
            print("chaos, seed \(seed), \(minutes) min: \(await chaos.ledger.summary)")
            #expect(findings == [], "IEUM_CHAOS_SEED=\(seed)")
        }
    }
}
