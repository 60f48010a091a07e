import Storage
import Vocabulary

/// What the index keeps of a profile beside its words, so that filters and scores need no row: the row is read for
/// those that are shown, and has the last word.
struct Traits: Sendable, Hashable {
    var facts = Facts()
    var type: ProfileType?
    var organisation: OrganisationID?
    var validUntil: Instant?
}

extension Traits {
    static var wordCount: Int { 6 }

    /// As they stand in a block: one word of small things (a byte each, 0 for none), two of sets, one of validity, two of
    /// the organisation. What is added here raises the mark of `BlockLayout`.
    var words: [UInt64] {
        let small =
            UInt64(facts.trl?.level ?? 0) | Self.place(of: facts.region, in: Self.regions) << 8
            | Self.place(of: type, in: Self.types) << 16 | (validUntil == nil ? 0 : 1 << 56)
        let organisation = organisation?.number ?? 0
        return [
            small, UInt64(facts.fields.bits) | UInt64(facts.industries.bits) << 32,
            UInt64(facts.sections.bits) | UInt64(facts.partnerships.bits) << 32,
            UInt64(bitPattern: validUntil?.milliseconds ?? 0), UInt64(truncatingIfNeeded: organisation >> 64),
            UInt64(truncatingIfNeeded: organisation),
        ]
    }

    /// - Parameter first: where its words begin.
    init(words: Column<UInt64>, at first: Int) {
        let small = words[first]
        let (sets, moreSets) = (words[first + 1], words[first + 2])
        let organisation = UInt128(words[first + 4]) << 64 | UInt128(words[first + 5])
        facts = Facts(
            trl: TRL(Int(small & 0xFF)), region: Self.value(at: small >> 8 & 0xFF, of: Self.regions),
            fields: CaseSet(bits: UInt32(truncatingIfNeeded: sets)),
            industries: CaseSet(bits: UInt32(truncatingIfNeeded: sets >> 32)),
            sections: CaseSet(bits: UInt32(truncatingIfNeeded: moreSets)),
            partnerships: CaseSet(bits: UInt32(truncatingIfNeeded: moreSets >> 32)))
        type = Self.value(at: small >> 16 & 0xFF, of: Self.types)
        self.organisation = organisation == 0 ? nil : OrganisationID(number: organisation)
        validUntil = small >> 56 == 0 ? nil : Instant(milliseconds: Int64(bitPattern: words[first + 3]))
    }

    private static let regions = Region.allCases
    private static let types = ProfileType.allCases

    private static func place<Case: Equatable>(of one: Case?, in cases: [Case]) -> UInt64 {
        one.flatMap(cases.firstIndex).map { UInt64($0) + 1 } ?? 0
    }

    private static func value<Case>(at place: UInt64, of cases: [Case]) -> Case? {
        place > 0 && place <= cases.count ? cases[Int(place) - 1] : nil
    }
}
