import JSON
import ServiceKit
import Vocabulary

@testable import Matching

/// One deal of an exchange, with its two sides acting as themselves.
struct Dealing {
    let exchange: Exchange
    let demand: String
    let technology: String
    let id: String

    init(_ exchange: Exchange, _ technology: JSON = [:]) async throws {
        self.exchange = exchange
        demand = try await exchange.demand("센서 기술")
        self.technology = try await exchange.technology("센서", technology)
        id = try await exchange.agreedDeal(demand, self.technology)
    }

    static let principals = ["demand": "company", "supply": "institute"]

    /// A call of one side, for this deal.
    @discardableResult
    func act(_ method: String, _ side: String, _ more: JSON = [:]) async throws -> JSON {
        var parameters: JSON = ["id": .string(id), "side": .string(side)]
        for (key, value) in more.object ?? JSON.Members() { parameters[key] = value }
        return try await exchange.kit.call(
            "matching.deals.\(method)", parameters, principal: Self.principals[side] ?? "", roles: [.viewer, .member])
    }

    /// The fault of a call of one side that must fail.
    func refused(_ method: String, _ side: String, _ more: JSON = [:]) async throws -> Fault? {
        do {
            try await act(method, side, more)
            return nil
        } catch let fault as Fault { return fault }
    }

    func get() async throws -> JSON { try await exchange.kit.call("matching.deals.get", ["id": .string(id)]) }

    func skipToNegotiation() async throws {
        for stage in ["nda", "consulting", "valuation"] {
            try await act("skip", "demand", ["stage": .string(stage), "reason": "오래 함께 일한 사이"])
        }
    }

    /// Terms of a licence with a fixed and a running royalty.
    static func terms(_ more: JSON = [:]) -> JSON {
        var terms: JSON = [
            "type": "licence", "exclusive": true, "territory": "대한민국", "fieldOfUse": "의료기기",
            "startsOn": "2021-03-01", "endsOn": "2031-02-28",
            "fixedFee": ["total": 100_000_000, "plan": ["firstOn": "2021-03-31", "count": 3, "everyMonths": 6]],
            "running": ["rateBasisPoints": 250, "annualMinimum": 1_000_000, "annualCap": 50_000_000],
        ]
        for (key, value) in more.object ?? JSON.Members() { terms[key] = value }
        return terms
    }

    /// A contract that both signed on a day.
    func contract(_ terms: JSON = Dealing.terms(), on day: String = "2021-02-20") async throws {
        try await act("offer", "supply", ["terms": terms])
        let version: JSON = try await get().at("/offer/version") ?? .null
        try await act("acceptTerms", "demand", ["version": version])
        for side in ["demand", "supply"] {
            try await act("sign", side, ["version": version, "signedOn": .string(day)])
        }
    }
}
