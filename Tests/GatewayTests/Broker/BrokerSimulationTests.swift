import Testing

/// Thousands of short lives of a broker among peers that vanish, come back, repeat themselves, lie and fall silent,
/// while clocks jump and the broker itself is started anew. Each follows from its seed.
///
/// What holds in every run, at every step (`checkBooks`, `toWorker`, `toClient`) or when all has fallen silent (`run`):
/// 1. Every request ends exactly once: by a worker's FINAL, by the broker's error, or with its client or the broker.
/// 2. An answer reaches the client that asked, and no other; after the end of a request nothing comes for it.
/// 3. A worker never holds more than its credit; a request is in at most one worker's hands.
/// 4. The lines are never longer than their limits, by count and by bytes, for a service and for a client.
/// 5. The books balance: accepted = answered + refused later + clients gone + inside; so do the bytes.
/// 6. No routing id is ever shown to a peer; whatever is sent is a message that its receiver understands.
/// 7. Time alone ends what is left: no request, load of a client or registration remains.
@Suite struct BrokerSimulationTests {
    @Test(arguments: SimulationRuns.parts) func nothingIsLostOrAnsweredTwice(part: Int) {
        var answered = 0
        for seed in SimulationRuns.seeds(of: part, standard: 6400) {
            var simulation = BrokerSimulation(seed: seed)
            simulation.run()
            answered += simulation.answered
            #expect(simulation.violations == [], "seed \(seed)")
            if !simulation.violations.isEmpty { return }
        }
        // The peers are not so foul that nothing is ever done.
        #expect(answered > 0)
    }
}
