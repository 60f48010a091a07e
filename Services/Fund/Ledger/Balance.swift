import JSON
import Storage
import Vocabulary

/// Which side of an account may never exceed the other, as TigerBeetle's account flags say it. What is pending counts
/// on the side that is limited and not on the other, so that posting can never break the limit.
enum Bound: String, Codable, CaseIterable, Sendable, SQLValue {
    case none
    /// For claims on the fund: pending and posted debits together stay within the posted credits.
    case debitsMustNotExceedCredits
    /// For what the fund owns: pending and posted credits together stay within the posted debits.
    case creditsMustNotExceedDebits
}

enum Side: String, Codable, CaseIterable, Sendable {
    case debit, credit
}

/// Why the ledger does not record a transfer.
enum LedgerRefused: Error, Hashable {
    case notPositive
    case sameAccount
    /// `available` is what the bounded side still has room for.
    case exceedsBound(side: Side, available: Won)
    /// More was to be posted than is pending.
    case exceedsPending(Won)
    /// The sum leaves the range of exact JSON integers.
    case overflow
}

/// The four sums of an account. Pure: every rule of the ledger that concerns one account is here.
struct Balance: Codable, Hashable, Sendable {
    var debitsPending = Won.zero
    var debitsPosted = Won.zero
    var creditsPending = Won.zero
    var creditsPosted = Won.zero
}

extension Balance {
    /// Over all accounts of a ledger both pairs are equal.
    var sumsToZero: Bool { debitsPosted == creditsPosted && debitsPending == creditsPending }

    mutating func add(_ other: Balance) throws {
        debitsPosted = try debitsPosted + other.debitsPosted
        creditsPosted = try creditsPosted + other.creditsPosted
        debitsPending = try debitsPending + other.debitsPending
        creditsPending = try creditsPending + other.creditsPending
    }

    /// What may still be taken from the limited side; nil if no side is limited.
    func available(_ bound: Bound) throws(LedgerRefused) -> Won? {
        switch bound {
        case .none: nil
        case .debitsMustNotExceedCredits:
            try Self.difference(creditsPosted, try total(.debit))
        case .creditsMustNotExceedDebits:
            try Self.difference(debitsPosted, try total(.credit))
        }
    }

    /// Whether the limited side is within its limit and no sum is negative.
    func isSound(_ bound: Bound) -> Bool {
        guard [debitsPending, debitsPosted, creditsPending, creditsPosted].allSatisfy({ $0 >= .zero }) else {
            return false
        }
        guard let room = try? available(bound) else { return bound == .none }
        return room >= .zero
    }

    /// A single-phase entry.
    mutating func post(_ amount: Won, on side: Side, bound: Bound) throws(LedgerRefused) {
        try admit(amount, on: side, bound: bound)
        switch side {
        case .debit: debitsPosted = try Self.sum(debitsPosted, amount)
        case .credit: creditsPosted = try Self.sum(creditsPosted, amount)
        }
    }

    /// The first phase: the amount is set aside.
    mutating func reserve(_ amount: Won, on side: Side, bound: Bound) throws(LedgerRefused) {
        try admit(amount, on: side, bound: bound)
        switch side {
        case .debit: debitsPending = try Self.sum(debitsPending, amount)
        case .credit: creditsPending = try Self.sum(creditsPending, amount)
        }
    }

    /// The second phase: the whole reservation is released and `posting` of it, possibly nothing, becomes an entry.
    mutating func settle(_ pending: Won, posting amount: Won, on side: Side) throws(LedgerRefused) {
        guard amount >= .zero else { throw .notPositive }
        guard amount <= pending else { throw .exceedsPending(pending) }
        switch side {
        case .debit:
            debitsPending = try Self.difference(debitsPending, pending)
            debitsPosted = try Self.sum(debitsPosted, amount)
        case .credit:
            creditsPending = try Self.difference(creditsPending, pending)
            creditsPosted = try Self.sum(creditsPosted, amount)
        }
    }

    /// Pending and posted together.
    private func total(_ side: Side) throws(LedgerRefused) -> Won {
        switch side {
        case .debit: try Self.sum(debitsPending, debitsPosted)
        case .credit: try Self.sum(creditsPending, creditsPosted)
        }
    }

    private func admit(_ amount: Won, on side: Side, bound: Bound) throws(LedgerRefused) {
        guard amount > .zero else { throw .notPositive }
        // With what is pending, so that posting it later cannot overflow.
        _ = try Self.sum(try total(side), amount)
        let isLimited =
            switch (bound, side) {
            case (.debitsMustNotExceedCredits, .debit), (.creditsMustNotExceedDebits, .credit): true
            default: false
            }
        guard isLimited, let room = try available(bound) else { return }
        guard amount <= room else { throw .exceedsBound(side: side, available: room) }
    }

    private static func sum(_ left: Won, _ right: Won) throws(LedgerRefused) -> Won {
        guard let sum = try? left + right, sum <= .largest else { throw .overflow }
        return sum
    }

    private static func difference(_ left: Won, _ right: Won) throws(LedgerRefused) -> Won {
        guard let difference = try? left - right else { throw .overflow }
        return difference
    }
}
