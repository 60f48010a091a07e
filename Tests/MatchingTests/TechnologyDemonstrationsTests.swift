import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite struct TechnologyDemonstrationsTests {
    private func finished(_ sequence: Int64, _ technology: String, _ outcome: String) -> JSON {
        [
            "specversion": "1.0", "id": .string("evt_\(sequence)"), "source": "/ieum/testbed",
            "type": "ieum.testbed.demonstration.finished", "subject": .string("dmo_\(sequence)"),
            "time": "2026-11-21T07:34:28.123Z", "principal": "uid:1000", "sequence": .integer(sequence),
            "data": [
                "id": .string("dmo_\(sequence)"), "title": ["ko": "드론 실증", "en": "Drone trial"], "state": "finished",
                "technologyId": .string(technology), "outcome": .string(outcome),
            ],
        ]
    }

    @Test func aFinishedDemonstrationIsShownWithItsTechnology() async throws {
        let exchange = try await Exchange()
        let technology = try await exchange.technology("드론 배송")
        let other = ID<TechnologyKind>.new(at: exchange.kit.now).description
        let log = [finished(3, technology, "met"), finished(4, other, "met"), finished(9, technology, "notMet")]
        try await exchange.kit.consume(log)
        try await exchange.kit.consume(log)
        let items = try await exchange.kit.call("matching.technologies.demonstrations", ["id": .string(technology)])
        #expect(items["items"]?.array?.map { $0["id"] } == ["dmo_3", "dmo_9"])
        #expect(items["items"]?.array?.map { $0["outcome"] } == ["met", "notMet"])
        #expect(try await exchange.types().filter { $0 == "ieum.matching.technology.demonstrated" }.count == 2)
        let state = try await exchange.kit.call("service.consumers")["consumers"]?[0]
        #expect(state?["position"] == 9 && state?["setAside"] == 0)
    }
}
