import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite struct ValueChainsTests {
    private func item(_ exchange: Exchange, _ name: String, _ stage: String, _ words: [String] = []) async throws
        -> String
    {
        try await exchange.kit.call(
            "matching.chains.define",
            [
                "industry": "nano-semiconductor", "nameKo": .string(name), "stage": .string(stage),
                "keywords": .array(words.map(JSON.string)), "source": "synthetic",
            ]
        ).text("id")
    }

    @Test func aChainShowsWhoIsWhereAndWhatIsEmpty() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let wafer = try await item(exchange, "웨이퍼", "material")
        let chip = try await item(exchange, "구동칩", "product")
        try await kit.call("matching.chains.connect", ["from": .string(wafer), "to": .string(chip)])
        try await kit.call(
            "matching.chains.place",
            ["itemId": .string(chip), "organisationId": .string(exchange.company), "firmClass": "leapAgain"])
        try await kit.call(
            "matching.chains.place", ["itemId": .string(wafer), "organisationId": .string(exchange.institute)])
        let chain = try await kit.call("matching.chains.get", ["industry": "nano-semiconductor"])
        #expect(chain.at("/stages/0/items/0/gap/rule") == "noFirm")
        #expect(chain.at("/stages/4/items/0/gap/rule") == "singleSupplier")
        #expect(chain.at("/stages/1/isEmpty") == true)
        #expect(chain["leapAgain"] == 1 && chain["growth"] == 0 && chain["unclassed"] == 0)
        #expect(chain["edges"] == [["from": .string(wafer), "to": .string(chip)]])
        let empty = try await kit.call("matching.chains.list", ["gap": "noFirm"])
        #expect(empty["items"]?.array?.compactMap { $0.at("/item/id")?.string } == [wafer])
        // Placing again without a class keeps the class.
        let again: JSON = ["itemId": .string(chip), "organisationId": .string(exchange.company)]
        #expect(try await kit.call("matching.chains.place", again)["firmClass"] == "leapAgain")
    }

    @Test func aChainDoesNotLeadInACircle() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let (a, b) = (try await item(exchange, "가", "material"), try await item(exchange, "나", "part"))
        let c = try await item(exchange, "다", "product")
        try await kit.call("matching.chains.connect", ["from": .string(a), "to": .string(b)])
        try await kit.call("matching.chains.connect", ["from": .string(b), "to": .string(c)])
        let circle = try await kit.fault("matching.chains.connect", ["from": .string(c), "to": .string(a)])
        #expect(circle.code == .failedPrecondition && circle.data["rule"] == "chain.circle")
        #expect(circle.data["path"]?.array?.count == 3)
        let itself = try await kit.fault("matching.chains.connect", ["from": .string(a), "to": .string(a)])
        #expect(itself.code == .failedPrecondition)
    }

    @Test func whatIsWantedAndOfferedSaysHowItIsLinked() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let chip = try await item(exchange, "디스플레이 구동칩", "product", ["DDI"])
        let near = try await exchange.technology("저전력 DDI 구동 회로", ["industries": ["nano-semiconductor"]])
        let chance = try await exchange.technology("DDI 교육 과정")
        let linked = try await exchange.demand("화소 구동 설계")
        try await kit.call("matching.chains.link", ["itemId": .string(chip), "demandId": .string(linked)])
        let detail = try await kit.call("matching.chains.item", ["id": .string(chip)])
        let bases = Dictionary(
            uniqueKeysWithValues: (detail["technologies"]?.array ?? []).map {
                ($0["id"]?.string ?? "", $0["basis"]?.string)
            })
        #expect(bases == [near: "textAndIndustry", chance: "text"])
        #expect(detail.at("/demands/0/id")?.string == linked && detail.at("/demands/0/basis") == "link")
        let both = try await kit.fault("matching.chains.link", ["itemId": .string(chip)])
        #expect(both.pointers == ["/demandId", "/technologyId"])
        let stranger = try await exchange.fault(
            "matching.chains.link", ["itemId": .string(chip), "demandId": .string(linked)], as: "institute")
        #expect(stranger?.code == .forbidden)
    }
}
