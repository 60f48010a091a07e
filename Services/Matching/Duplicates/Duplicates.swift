import JSON
import ServiceKit
import Storage
import Vocabulary

/// A profile that may be the same as another, with what speaks for it.
struct Suspect<Kind: ProfileKind>: Codable, Sendable {
    let id: ID<Kind>
    let title: String
    let organisationId: OrganisationID
    let state: ProfileState
    /// Shared terms as a share of all terms of both texts, 0...1.
    let similarity: Double
    /// No doubt is left: the same patent, or the same title in the same organisation.
    let isCertain: Bool
    let reasons: [LikenessReason]
}

/// What `create` answers: the profile, and what it may be a duplicate of. A hint, never a refusal.
struct Created<Kind: ProfileKind>: Codable, Sendable {
    let profile: Profile<Kind>
    let suspects: [Suspect<Kind>]

    private enum Key: String, CodingKey { case suspects }

    init(_ profile: Profile<Kind>, _ suspects: [Suspect<Kind>]) { (self.profile, self.suspects) = (profile, suspects) }

    init(from decoder: any Decoder) throws {
        profile = try Profile(from: decoder)
        suspects = try decoder.container(keyedBy: Key.self).decode([Suspect<Kind>].self, forKey: .suspects)
    }

    func encode(to encoder: any Encoder) throws {
        try profile.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(suspects, forKey: .suspects)
    }
}

/// `matching.<plural>.duplicates`: what may be there twice.
enum Duplicates<Kind: ProfileKind> {
    struct Ask: Codable, Sendable, Constrained {
        /// Only what is like this one.
        let id: ID<Kind>?
        /// How many profiles are looked at for this page (default 50); as many or fewer of them have duplicates.
        let limit: Int?
        let after: ID<Kind>?
        static var constraints: [String: Schema.Constraint] { ["limit": .range(1...200)] }
    }

    /// A profile and the later ones that may be the same; every pair is in one group.
    struct Group: Codable, Sendable {
        let id: ID<Kind>
        let title: String
        let organisationId: OrganisationID
        let state: ProfileState
        let suspects: [Suspect<Kind>]
    }

    struct Answer: Codable, Sendable {
        let items: [Group]
        /// How many profiles this page looked at.
        let examined: Int
        /// Goes into `after` of the next request; absent when all have been looked at.
        let next: String?
    }

    /// Texts that are nearly the same are among the first of a search for all their words.
    private static var depth: Int { 20 }

    static func methods(_ catalogue: Catalogue) -> [Method] {
        [
            .query(
                "matching.\(Kind.plural).duplicates",
                Bilingual(
                    ko: "같은 것으로 보이는 \(Kind.name.ko)을(를) 이유와 함께 찾는다",
                    en: "Finds profiles (\(Kind.name.en)) that seem to be there twice, with reasons")
            ) { (p: Ask, r: Read) throws -> Answer in
                if let id = p.id {
                    let profile = try Profile<Kind>.visible(id, r)
                    let suspects = try suspects(of: profile, catalogue, r)
                    return Answer(items: group(profile, suspects), examined: 1, next: nil)
                }
                var listing = Listing("SELECT * FROM profile")
                listing.add("side = ?", Kind.side)
                listing.add("state NOT IN ('withdrawn', 'rejected')")
                if !r.call.actsForOthers { listing.add("state = 'published'") }
                let page = try listing.page(
                    in: r.db, after: p.after, limit: p.limit, cursor: \.id.description, item: Profile<Kind>.init)
                let groups = try page.items.flatMap { profile in
                    group(profile, try suspects(of: profile, catalogue, r).filter { $0.id > profile.id })
                }
                return Answer(items: groups, examined: page.items.count, next: page.next)
            }
        ]
    }

    private static func group(_ profile: Profile<Kind>, _ suspects: [Suspect<Kind>]) -> [Group] {
        guard !suspects.isEmpty else { return [] }
        return [
            Group(
                id: profile.id, title: profile.title, organisationId: profile.organisationId, state: profile.state,
                suspects: suspects)
        ]
    }

    /// What a profile may be a duplicate of, the likeliest first.
    static func suspects(
        of profile: Profile<Kind>, _ catalogue: Catalogue, _ r: Read, isCommitted: Bool = true
    ) throws -> [Suspect<Kind>] {
        let certain = try SameProfile.certain(profile, r)
        let query = Query(catalogue.tokeniser.vector(of: profile.text))
        let index = Kind.index(try catalogue.current(r.db, isCommitted: isCommitted))
        let near = index.nearest(query, index.statistics(for: query), count: depth).map(\.document.key)
        let profiles = try Profile<Kind>.find(Array(Set(near + certain.map(\.id)).subtracting([profile.id])), r.db)
        let own = Likeness.Text(profile, catalogue.tokeniser)
        let suspects = try profiles.values.compactMap { other -> Suspect<Kind>? in
            guard try other.state == .published || Representation.mayAct(for: other.organisationId, r.db, r.call) else {
                return nil
            }
            let likeness = Likeness(own, Likeness.Text(other, catalogue.tokeniser))
            let reasons = certain.filter { $0.id == other.id }.map(\.reason) + likeness.reasons
            guard !reasons.isEmpty, other.mergedInto == nil else { return nil }
            return Suspect(
                id: other.id, title: other.title, organisationId: other.organisationId, state: other.state,
                similarity: likeness.text, isCertain: reasons.contains(where: \.isCertain), reasons: reasons)
        }
        return suspects.sorted { a, b in
            (a.isCertain ? 1 : 0, a.similarity, b.id) > (b.isCertain ? 1 : 0, b.similarity, a.id)
        }
    }
}
