import Vocabulary

/// What the index keeps of a profile beside its words, so that filters and scores need no row: the row is read for
/// those that are shown, and has the last word.
struct Traits: Sendable, Hashable {
    var facts = Facts()
    var type: ProfileType?
    var organisation: OrganisationID?
    var validUntil: Instant?
}
