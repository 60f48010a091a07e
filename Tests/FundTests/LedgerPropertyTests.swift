import JSON
import ServiceKit
import Testing

@testable import Fund

/// Random sequences of commands against a model that only adds and subtracts.
@Suite struct LedgerPropertyTests {
    struct Generator: RandomNumberGenerator {
        var state: UInt64
        /// SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
    }

    /// What should be true, kept as a list of holds and plain numbers.
    struct Model {
        struct Hold {
            let id: String
            let amount: Int64
            var expiresAt: Int64
            let isFee: Bool
            var state = "held"
        }

        var uncalled: Int64
        var cash: Int64 = 0
        var invested: Int64 = 0
        var expenses: Int64 = 0
        var approved: Int64
        var holds: [Hold] = []

        func held(at now: Int64, fee: Bool? = nil) -> Int64 {
            holds.filter { $0.state == "held" && $0.expiresAt > now && (fee == nil || $0.isFee == fee) }
                .map(\.amount).reduce(0, +)
        }

        func state(_ index: Int, at now: Int64) -> String {
            holds[index].state == "held" && holds[index].expiresAt <= now ? "expired" : holds[index].state
        }
    }

    @Test("Every sequence agrees with the model", arguments: 1...12)
    func agrees(_ seed: Int) async throws {
        let scene = try await Scene(committed: 5_000, cash: 0, jobs: seed.isMultiple(of: 2))
        let item = try await scene.approved(4_000)
        var run = Run(
            scene: scene, item: item, expenses: try await scene.account("expenses"),
            cash: try await scene.account("cash"), model: Model(uncalled: 5_000, approved: 4_000),
            random: Generator(state: UInt64(seed)))
        for _ in 0..<60 {
            try await run.step()
            try await run.compare()
        }
        try await scene.expectSound()
    }

    struct Run {
        let scene: Scene
        let item: String
        let expenses: String
        let cash: String
        var model: Model
        var random: Generator
        var now: Int64 = 0

        /// One command, sent twice under one key: the second answer is the first, and nothing changes again.
        mutating func send(_ method: String, _ params: JSON) async throws -> Result<JSON, Fault> {
            let key = "key-\(random.next())"
            do {
                let first = try await scene.kit.call(method, params, key: key)
                #expect(try await scene.kit.call(method, params, key: key) == first)
                return .success(first)
            } catch let fault as Fault {
                #expect(fault.code == .conflict, "\(method): \(fault.message.en)")
                return .failure(fault)
            }
        }

        mutating func step() async throws {
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1: try await pay()
            case 2, 3: try await hold()
            case 4: try await reserveFee()
            case 5, 6: try await settle("post")
            case 7: try await settle("void")
            case 8: try await renew()
            default:
                let seconds = Int64.random(in: 1...40, using: &random)
                now += seconds
                try await scene.kit.advance(seconds: seconds)
            }
        }

        private mutating func pay() async throws {
            let amount = Int64.random(in: 1...1_500, using: &random)
            let result = try await send(
                "fund.contributions.record",
                ["fundId": .string(scene.fund), "partnerId": .string(scene.partner), "amount": .integer(amount)])
            #expect(succeeded(result) == (amount <= model.uncalled))
            guard succeeded(result) else { return }
            model.uncalled -= amount
            model.cash += amount
        }

        private mutating func hold() async throws {
            let amount = Int64.random(in: 1...900, using: &random)
            let seconds = Int64.random(in: 1...60, using: &random)
            let result = try await send(
                "fund.coinvestments.hold",
                [
                    "caseId": .string(item), "amount": .integer(amount), "holder": "model",
                    "ttlSeconds": .integer(seconds),
                ])
            let room = min(
                model.cash - model.held(at: now), model.approved - model.invested - model.held(at: now, fee: false))
            #expect(succeeded(result) == (amount <= room))
            guard case .success(let held) = result else { return }
            model.holds.append(
                Model.Hold(id: try held.text("id"), amount: amount, expiresAt: now + seconds, isFee: false))
        }

        private mutating func reserveFee() async throws {
            let amount = Int64.random(in: 1...500, using: &random)
            let seconds = Int64.random(in: 1...60, using: &random)
            let result = try await send(
                "fund.ledger.record",
                [
                    "debitAccountId": .string(expenses), "creditAccountId": .string(cash), "amount": .integer(amount),
                    "pending": true, "timeoutSeconds": .integer(seconds), "note": "fee",
                ])
            #expect(succeeded(result) == (amount <= model.cash - model.held(at: now)))
            guard case .success(let held) = result else { return }
            model.holds.append(
                Model.Hold(id: try held.text("id"), amount: amount, expiresAt: now + seconds, isFee: true))
        }

        private mutating func settle(_ action: String) async throws {
            guard let index = model.holds.indices.randomElement(using: &random) else { return }
            let hold = model.holds[index]
            let before = model.state(index, at: now)
            let amount = Int64.random(in: 1...hold.amount + hold.amount / 8, using: &random)
            var params: JSON = ["id": .string(hold.id)]
            if action == "post" { params["amount"] = .integer(amount) } else { params["reason"] = "model" }
            let result = try await send("fund.\(hold.isFee ? "ledger" : "coinvestments").\(action)", params)
            guard before == "held" else {
                if action == "void" { #expect(succeeded(result) == (before != "posted")) }
                if action == "post" && before != "posted" { #expect(!succeeded(result)) }
                return
            }
            #expect(succeeded(result) == (action == "void" || amount <= hold.amount))
            guard succeeded(result) else { return }
            model.holds[index].state = action == "post" ? "posted" : "voided"
            guard action == "post" else { return }
            model.cash -= amount
            if hold.isFee { model.expenses += amount } else { model.invested += amount }
        }

        private mutating func renew() async throws {
            let candidates = model.holds.indices.filter { !model.holds[$0].isFee }
            guard let index = candidates.randomElement(using: &random) else { return }
            let seconds = Int64.random(in: 1...60, using: &random)
            let result = try await send(
                "fund.coinvestments.renew", ["id": .string(model.holds[index].id), "ttlSeconds": .integer(seconds)])
            #expect(succeeded(result) == (model.state(index, at: now) == "held"))
            guard succeeded(result) else { return }
            model.holds[index].expiresAt = max(model.holds[index].expiresAt, now + seconds)
        }

        func compare() async throws {
            let statement = try await scene.statement()
            #expect(statement["cash"] == .integer(model.cash))
            #expect(statement["uncalled"] == .integer(model.uncalled))
            #expect(statement["invested"] == .integer(model.invested))
            #expect(statement["expenses"] == .integer(model.expenses))
            #expect(statement["pending"] == .integer(model.held(at: now)))
            #expect(statement["available"] == .integer(model.cash - model.held(at: now)))
            let check = try await scene.kit.call("fund.ledger.check")
            #expect(check["isSound"] == true, "\(check.text)")
        }

        private func succeeded(_ result: Result<JSON, Fault>) -> Bool {
            if case .success = result { true } else { false }
        }
    }
}
