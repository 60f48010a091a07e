import JSON
import ServiceKit
import Storage
import Vocabulary

/// A reason for which a pair is not recommended at all, whatever its score.
struct HardFilter: Codable, Sendable, Hashable {
    let rule: String
    let ko: String
    let en: String

    static func filter(_ name: String, ko: String, en: String) -> HardFilter {
        HardFilter(rule: "filter.\(name)", ko: ko, en: en)
    }
}

extension HardFilter {
    /// Why a technology is not recommended for a demand, as far as the two tell; nil if it may be.
    static func ofTechnology(
        _ technology: Profile<TechnologyKind>, for demand: Profile<DemandKind>, _ filters: MatchFilters?, _ now: Instant
    ) -> HardFilter? {
        closed(technology, now) ?? types(demand, technology) ?? sameOrganisation(demand, technology)
            ?? filters?.refusal(of: technology)
    }

    static func ofDemand(
        _ demand: Profile<DemandKind>, for technology: Profile<TechnologyKind>, _ filters: MatchFilters?, _ now: Instant
    ) -> HardFilter? {
        closed(demand, now) ?? types(demand, technology) ?? sameOrganisation(demand, technology)
            ?? filters?.refusal(of: demand)
    }

    /// All reasons at once, for explanations. Filters of the caller are read as those on the technology.
    static func ofPair(
        _ demand: Profile<DemandKind>, _ technology: Profile<TechnologyKind>, _ filters: MatchFilters?,
        _ db: Connection, _ now: Instant
    ) throws -> [HardFilter] {
        [
            closed(demand, now), closed(technology, now), types(demand, technology),
            sameOrganisation(demand, technology),
            filters?.refusal(of: technology), try unavailable(technology, filters, db, now),
        ].compactMap(\.self)
    }

    /// Why nobody of the technology's side can follow a further deal up, by what they declared.
    static func full(
        _ technology: Profile<TechnologyKind>, _ filters: MatchFilters?, _ experience: Experience.State
    ) -> HardFilter? {
        guard filters?.includeHeld != true,
            case (let capacity?, let load)? = experience.room(technology.id, technology.organisationId),
            load >= capacity
        else { return nil }
        return HardFilter(
            rule: "technology.noCapacity",
            ko: "밝힌 여력 \(capacity)건이 모두 진행 중인 거래(\(load)건)로 찼습니다",
            en: "its declared capacity of \(capacity) is taken by \(load) agreed deals")
    }

    private static func closed<Kind>(_ profile: Profile<Kind>, _ now: Instant) -> HardFilter? {
        guard !profile.isOpen(at: now) else { return nil }
        let state = profile.effectiveState(at: now)
        return HardFilter(
            rule: "\(Kind.noun).notPublished", ko: "\(Kind.name.ko)이(가) 공개 상태가 아닙니다(\(state.name.ko))",
            en: "the \(Kind.name.en) is not published (\(state.rawValue))")
    }

    private static func types(_ demand: Profile<DemandKind>, _ technology: Profile<TechnologyKind>) -> HardFilter? {
        guard !demand.type.pairs(with: technology.type) else { return nil }
        return HardFilter(
            rule: "pair.types", ko: "유형이 서로 맞지 않습니다(\(demand.type.name.ko)–\(technology.type.name.ko))",
            en: "the types do not meet (\(demand.type.name.en) and \(technology.type.name.en))")
    }

    private static func sameOrganisation(_ demand: Profile<DemandKind>, _ technology: Profile<TechnologyKind>)
        -> HardFilter?
    {
        guard demand.organisationId == technology.organisationId else { return nil }
        return HardFilter(rule: "pair.sameOrganisation", ko: "같은 기관의 수요와 기술입니다", en: "both belong to one organisation")
    }

    /// Why a technology cannot be had at the moment, by its holds.
    static func unavailable(
        _ technology: Profile<TechnologyKind>, _ filters: MatchFilters?, _ db: Connection, _ now: Instant
    ) throws -> HardFilter? {
        guard technology.exclusive, let live = try TechnologyHolds.live(technology.id.description, db, now) else {
            return nil
        }
        if live.state == .posted {
            return HardFilter(
                rule: "technology.transferred", ko: "이미 다른 곳에 독점으로 이전되었습니다",
                en: "it was transferred exclusively already")
        }
        if filters?.includeHeld == true { return nil }
        return HardFilter(
            rule: "technology.held", ko: "다른 거래를 위해 \(live.expiresAt)까지 보류 중입니다",
            en: "it is held for another deal until \(live.expiresAt)")
    }
}
