public import JSON

/// A closed list of words that people read: every case has a name in Korean and in English.
public protocol Named: CaseIterable, Sendable {
    /// What a person reads.
    var name: Bilingual { get }
}
