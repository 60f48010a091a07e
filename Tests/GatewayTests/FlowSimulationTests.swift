import JSON
import Testing
import Vocabulary

@testable import Gateway

/// Thousands of flows among services that refuse, vanish, answer late, twice or never, and lose holds, while the gateway
/// dies before and after its writes and the clock on the wall jumps. Each run follows from its seed.
///
/// What holds in every run, at every call (`check`) or at the end (`findings`):
/// 1. Every flow comes to rest, and its end is told by exactly one event.
/// 2. Completed: every hold of its steps is posted, and there is at least one.
/// 3. Voided: nothing is posted, and no hold is live; one that a clock set back lets in late expires by itself.
/// 4. Unsettled, which an operator must see, only when a hold was taken away after the decision, and with its reason.
/// 5. Nothing is posted before the journalled decision; nothing is held or voided after it.
/// 6. However often a step is repeated, it makes one hold.
@Suite(.timeLimit(.minutes(5))) struct FlowSimulationTests {
    @Test(arguments: SimulationRuns.parts) func everyFlowEndsWholeWhateverHappens(part: Int) throws {
        var ends: [FlowState.Phase: Int] = [:]
        for seed in SimulationRuns.seeds(of: part, standard: 3600) {
            var world = FlowSimulation(seed: seed)
            let state = try world.run()
            ends[state.phase, default: 0] += 1
            #expect(findings(world, state) == [], "seed \(seed), \(state.phase)")
        }
        // The world is neither all fair nor all foul.
        #expect(ends[.completed, default: 0] > 0 && ends[.voided, default: 0] > 0, "\(ends)")
    }

    @Test func aFairWorldCompletes() throws {
        for seed in UInt64(10_000)..<10_100 {
            var world = FlowSimulation(seed: seed, troubles: 0)
            let state = try world.run()
            let isAgreed = world.services.agreesAfter != nil && !world.services.declines
            let mayEnd = state.reason?.code == "cancelled"
            #expect(state.phase == (isAgreed ? .completed : .voided) || mayEnd, "seed \(seed)")
            #expect(findings(world, state) == [])
        }
    }

    private func findings(_ world: FlowSimulation, _ state: FlowState) -> [String] {
        var findings = Array(Set(world.violations)).sorted()
        let holds = world.services.holds.values
        switch state.phase {
        case .completed:
            let expected = state.steps.filter { $0.kind == .hold && $0.state == .done }.count
            if holds.count(where: { $0.state == .posted }) != expected { findings.append("completed, not all posted") }
            if expected < 1 { findings.append("completed without a hold") }
        case .voided:
            if holds.contains(where: { $0.state == .posted }) { findings.append("voided, but something is posted") }
            let live = holds.contains { $0.state.effective(expiresAt: $0.expiresAt, now: world.now) == .held }
            if live, !world.wentBack { findings.append("voided, but a hold is live") }
        case .unsettled:
            if state.reason == nil { findings.append("unsettled without a reason") }
            if !world.services.wasRobbed, state.holdSeconds > 60 {
                findings.append("unsettled though no hold was taken")
            }
        default: findings.append("came to rest as \(state.phase)")
        }
        if world.events.count(where: { $0 == "flow.\(state.phase)" }) != 1 {
            findings.append("the end was not told once")
        }
        if holds.count > 4 { findings.append("more holds than steps") }
        return findings
    }
}
