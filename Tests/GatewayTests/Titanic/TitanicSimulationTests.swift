import JSON
import ServiceKit
import Storage
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(30))) struct TitanicSimulationTests {
    private func simulate(_ seeds: Range<UInt64>, troubles: Int? = nil) async throws -> (stored: Int, dead: Int) {
        let bare = ServiceDefinition(
            name: "gateway", title: Bilingual(ko: "", en: ""), migrations: GatewaySchema.migrations, methods: [])
        let database = try Database(path: nil, migrations: Service.migrations(of: bare))
        // All of it on the writer's thread, in one transaction.
        return try await database.write { db in
            var (stored, dead) = (0, 0)
            for seed in seeds {
                var world = try TitanicSimulation(seed: seed, troubles: troubles, db)
                try world.run()
                #expect(world.violations == [], "seed \(seed)")
                if !world.violations.isEmpty { break }
                stored += world.acknowledged.count
                dead += try db.row("SELECT COUNT(*) AS n FROM stored_request WHERE state = 'dead'")?.get("n") ?? 0
            }
            return (stored, dead)
        }
    }

    /// Every failure is reproducible: run the seed it names alone.
    @Test(arguments: SimulationRuns.parts) func nothingIsLostWhateverHappens(part: Int) async throws {
        let seeds = SimulationRuns.seeds(of: part, standard: 1_600)
        let (stored, dead) = try await simulate(seeds)
        // The world is neither all fair nor all foul.
        #expect(stored > seeds.count * 4 && dead > seeds.count / 10 && dead < stored / 2, "\(stored) \(dead)")
    }

    @Test func aFairWorldDeliversEverything() async throws {
        let (stored, dead) = try await simulate(10_000_000..<10_000_100, troubles: 0)
        #expect(stored > 500, "\(stored) \(dead)")
    }
}
