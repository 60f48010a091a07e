import Testing
import Vocabulary

@testable import Fund

@Suite struct BalanceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let bound: Bound
        let side: Side
        /// Posted and pending of the account before, debits then credits.
        let debits: (posted: Int64, pending: Int64)
        let credits: (posted: Int64, pending: Int64)
        let amount: Int64
        let refused: LedgerRefused?
        var testDescription: String { "\(bound) \(side) \(amount) on \(debits) \(credits)" }

        var balance: Balance {
            Balance(
                debitsPending: Won(debits.pending), debitsPosted: Won(debits.posted),
                creditsPending: Won(credits.pending), creditsPosted: Won(credits.posted))
        }
    }

    static let rows = [
        Row(bound: .none, side: .credit, debits: (0, 0), credits: (0, 0), amount: 5, refused: nil),
        Row(bound: .none, side: .credit, debits: (0, 0), credits: (0, 0), amount: 0, refused: .notPositive),
        Row(bound: .none, side: .credit, debits: (0, 0), credits: (0, 0), amount: -1, refused: .notPositive),
        Row(
            bound: .none, side: .debit, debits: (Won.largest.amount, 0), credits: (0, 0), amount: 1, refused: .overflow),
        Row(
            bound: .creditsMustNotExceedDebits, side: .credit, debits: (10, 0), credits: (4, 3), amount: 3, refused: nil
        ),
        Row(
            bound: .creditsMustNotExceedDebits, side: .credit, debits: (10, 0), credits: (4, 3), amount: 4,
            refused: .exceedsBound(side: .credit, available: Won(3))),
        // What is only pending on the other side is no cover.
        Row(
            bound: .creditsMustNotExceedDebits, side: .credit, debits: (0, 10), credits: (0, 0), amount: 1,
            refused: .exceedsBound(side: .credit, available: Won(0))),
        Row(
            bound: .creditsMustNotExceedDebits, side: .debit, debits: (0, 0), credits: (0, 0), amount: 7, refused: nil),
        Row(
            bound: .debitsMustNotExceedCredits, side: .debit, debits: (2, 1), credits: (5, 0), amount: 3,
            refused: .exceedsBound(side: .debit, available: Won(2))),
        Row(bound: .debitsMustNotExceedCredits, side: .debit, debits: (2, 1), credits: (5, 0), amount: 2, refused: nil),
    ]

    @Test("Both phases admit and refuse the same", arguments: rows) func admits(_ row: Row) {
        var posted = row.balance
        var reserved = row.balance
        #expect(
            refusal { () throws(LedgerRefused) in try posted.post(Won(row.amount), on: row.side, bound: row.bound) }
                == row.refused)
        #expect(
            refusal { () throws(LedgerRefused) in
                try reserved.reserve(Won(row.amount), on: row.side, bound: row.bound)
            } == row.refused)
        if row.refused != nil {
            #expect(posted == row.balance && reserved == row.balance)
        } else {
            #expect(posted.isSound(row.bound) && reserved.isSound(row.bound))
            #expect(posted != reserved)
        }
    }

    @Test func settlingReleasesTheWholeReservation() throws {
        var balance = Balance(debitsPosted: Won(10))
        try balance.reserve(Won(8), on: .credit, bound: .creditsMustNotExceedDebits)
        #expect(try balance.available(.creditsMustNotExceedDebits) == Won(2))
        #expect(
            refusal { () throws(LedgerRefused) in try balance.settle(Won(8), posting: Won(9), on: .credit) }
                == .exceedsPending(Won(8)))
        try balance.settle(Won(8), posting: Won(5), on: .credit)
        #expect(balance == Balance(debitsPosted: Won(10), creditsPosted: Won(5)))
        #expect(try balance.available(.creditsMustNotExceedDebits) == Won(5))
    }

    @Test func aBalanceBeyondItsBoundIsNotSound() {
        #expect(!Balance(debitsPosted: Won(1), creditsPosted: Won(2)).isSound(.creditsMustNotExceedDebits))
        #expect(!Balance(debitsPending: Won(1)).isSound(.debitsMustNotExceedCredits))
        #expect(!Balance(creditsPosted: Won(-1)).isSound(.none))
        #expect(Balance(debitsPosted: Won(1), creditsPosted: Won(2)).isSound(.none))
    }

    private func refusal(_ body: () throws(LedgerRefused) -> Void) -> LedgerRefused? {
        do throws(LedgerRefused) {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
