import Testing

@testable import Matching

@Suite("The rules of a deal")
struct DealRulesTests {
    private enum Act: CaseIterable { case accept, decline, withdraw, commit }

    private func apply(_ act: Act, _ side: Side, _ rules: inout DealRules) throws(DealRefused) -> DealRules.Outcome {
        switch act {
        case .accept: try rules.accept(side)
        case .decline: try rules.decline(side)
        case .withdraw: try rules.withdraw(side)
        case .commit: try rules.commit()
        }
    }

    @Test func bothSidesMakeTheAgreement() throws {
        var rules = DealRules.proposed(by: .demand)
        #expect(try rules.accept(.demand) == .unchanged)
        #expect(rules.state == .interest)
        #expect(try rules.accept(.supply) == .agreed)
        #expect(rules.state == .agreed)
        #expect(try rules.accept(.supply) == .unchanged)
        #expect(try rules.commit() == .changed)
        #expect(try rules.commit() == .unchanged)
        #expect(rules.state == .committed)
    }

    @Test func eitherSideMayDeclineBeforeTheEnd() throws {
        for side in Side.allCases {
            var rules = DealRules.proposed(by: .demand)
            #expect(try rules.decline(side) == .changed)
            #expect(rules.state == .declined && rules.endedBy == side)
            #expect(try rules.decline(side) == .unchanged)
            #expect(throws: DealRefused.self) { try rules.decline(side.other) }
            #expect(throws: DealRefused.self) { try rules.accept(side) }
        }
    }

    @Test func onlyWhoAcceptedMayWithdraw() throws {
        var rules = DealRules.proposed(by: .supply)
        #expect(throws: DealRefused(state: .interest, action: .withdrawn)) { try rules.withdraw(.demand) }
        #expect(try rules.withdraw(.supply) == .changed)
        #expect(rules.state == .withdrawn)
    }

    /// Whatever is done in whatever order: a final state stays, and a commitment needs both sides' acceptance.
    @Test(arguments: 0..<300)
    func noPathBreaksTheInvariants(_ seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed))
        var rules = DealRules.proposed(by: Side.allCases.randomElement(using: &generator) ?? .demand)
        for _ in 0..<12 {
            let before = rules
            let act = Act.allCases.randomElement(using: &generator) ?? .accept
            let side = Side.allCases.randomElement(using: &generator) ?? .demand
            let outcome = Result { try apply(act, side, &rules) }
            switch outcome {
            case .failure, .success(.unchanged): #expect(rules == before)
            case .success: #expect(rules != before && before.state.isOpen)
            }
            if rules.state == .agreed || rules.state == .committed { #expect(rules.accepted.count == 2) }
            if rules.state == .declined || rules.state == .withdrawn { #expect(rules.endedBy != nil) }
        }
    }
}
