import JSON
import ServiceKit
import Testing
import Vocabulary

@testable import Matching

@Suite struct PlatformsTests {
    private func platform(_ exchange: Exchange, _ more: JSON = [:]) async throws -> String {
        var parameters: JSON = [
            "nameKo": "분석과학 플랫폼", "purpose": "미해결 문제를 분석기술로 푼다", "industry": "research-equipment",
            "coordinatorId": .string(exchange.institute),
        ]
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        return try await exchange.kit.call("matching.platforms.create", parameters, principal: "institute").text("id")
    }

    private func role(_ platform: String, _ organisation: String, _ role: String) -> JSON {
        ["id": .string(platform), "organisationId": .string(organisation), "role": .string(role)]
    }

    private let member: Set<Role> = [.viewer, .member]

    @Test func aRoleCountsWhenBothHaveAgreed() async throws {
        let exchange = try await Exchange()
        let id = try await platform(exchange, ["neededRoles": ["provider", "secondComplementor"]])
        let kit = exchange.kit
        try await kit.call(
            "matching.platforms.assign", role(id, exchange.institute, "provider"), principal: "institute", roles: member
        )
        let half = try await kit.call(
            "matching.platforms.assign", role(id, exchange.company, "secondComplementor"), principal: "institute",
            roles: member)
        #expect(half["state"] == "forming")
        #expect(half.at("/unfilled/0/role") == "secondComplementor" && half["unfilled"]?.array?.count == 1)
        let whole = try await kit.call(
            "matching.platforms.assign", role(id, exchange.company, "secondComplementor"), principal: "company",
            roles: member)
        #expect(whole["state"] == "complete" && whole["unfilled"] == [])
        let gaps = try await kit.call("matching.platforms.list", ["unfilledRole": "provider"])
        #expect(gaps["items"] == [])
    }

    @Test func aRoleThatHasEndedLeavesAGapAndNeedsBothAgain() async throws {
        let exchange = try await Exchange()
        let kit = exchange.kit
        let id = try await platform(exchange, ["neededRoles": ["sponsor"]])
        try await kit.call("matching.platforms.assign", role(id, exchange.company, "sponsor"))
        var end = role(id, exchange.company, "sponsor")
        end["reason"] = "예산 종료"
        let ended = try await kit.call("matching.platforms.end", end, principal: "company", roles: member)
        #expect(ended["state"] == "forming" && ended.at("/parts/0/reason") == "예산 종료")
        let alone = try await kit.call(
            "matching.platforms.assign", role(id, exchange.company, "sponsor"), principal: "company", roles: member)
        #expect(alone["state"] == "forming")
        let gaps = try await kit.call("matching.platforms.list", ["unfilledRole": "sponsor"])
        #expect(gaps["items"]?.array?.map { $0["id"]?.string } == [id])
        try await kit.advance(seconds: 400 * 86_400)
        var later = role(id, exchange.institute, "sponsor")
        later["validFrom"] = "2030-01-01"
        #expect(try await kit.call("matching.platforms.assign", later)["state"] == "forming")
        let then = try await kit.call("matching.platforms.get", ["id": .string(id), "asOf": "2030-01-01"])
        #expect(then["state"] == "complete")
    }

    @Test func nobodyGivesOthersARole() async throws {
        let exchange = try await Exchange()
        let id = try await platform(exchange)
        let refused = try await exchange.fault(
            "matching.platforms.assign", role(id, exchange.institute, "leader"), as: "company")
        #expect(refused?.code == .forbidden)
        let without = try await exchange.fault(
            "matching.platforms.create", ["nameKo": "이름", "purpose": "목적"], as: "company")
        #expect(without?.pointers == ["/coordinatorId"])
        var odd = role(id, exchange.institute, "leader")
        odd["validFrom"] = "2026-12-01"
        odd["validUntil"] = "2026-12-01"
        #expect(try await exchange.kit.fault("matching.platforms.assign", odd).code == .invalidParams)
    }
}
