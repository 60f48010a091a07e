import JSON
import ServiceKit
import Vocabulary

/// What a caller will not see in a list. Whatever is named must be met.
struct MatchFilters: Codable, Sendable, Constrained {
    /// One of these types.
    var types: [ProfileType]?
    /// At least one of these fields.
    var fields: [ScienceField]?
    var industries: [StrategicIndustry]?
    var ksicSections: [KSICSection]?
    var regions: [Region]?
    var partnerships: [Partnership]?
    var trlFrom: TRL?
    var trlTo: TRL?
    var excludeOrganisationIds: [OrganisationID]?
    /// Show technologies that somebody holds at the moment; default false.
    var includeHeld: Bool?

    static let constraints: [String: Schema.Constraint] = [
        "types": .count(1...5), "fields": .count(1...16), "industries": .count(1...20), "ksicSections": .count(1...21),
        "regions": .count(1...17), "partnerships": .count(1...6), "excludeOrganisationIds": .count(1...200),
    ]

    /// Why the profile is left out, nil if it is not.
    func refusal<Kind>(of profile: Profile<Kind>) -> HardFilter? {
        if let types, !types.contains(profile.type) {
            return .filter("types", ko: "요청한 유형이 아닙니다", en: "not of a type that was asked for")
        }
        if let fields, Set(fields).isDisjoint(with: profile.fields) {
            return .filter("fields", ko: "요청한 기술 분야가 아닙니다", en: "not in a field that was asked for")
        }
        if let industries, Set(industries).isDisjoint(with: profile.industries) {
            return .filter("industries", ko: "요청한 산업이 아닙니다", en: "not in an industry that was asked for")
        }
        if let ksicSections, Set(ksicSections).isDisjoint(with: profile.ksicSections) {
            return .filter("ksicSections", ko: "요청한 산업 대분류가 아닙니다", en: "not in a section that was asked for")
        }
        if let regions, !profile.region.map(regions.contains, or: false) {
            return .filter("regions", ko: "요청한 지역이 아닙니다", en: "not in a region that was asked for")
        }
        if let partnerships, Set(partnerships).isDisjoint(with: profile.partnerships) {
            return .filter("partnerships", ko: "요청한 협력 유형이 아닙니다", en: "no form of partnership that was asked for")
        }
        if let trlFrom, !profile.trl.map({ $0 >= trlFrom }, or: false) {
            return .filter(
                "trlFrom", ko: "TRL이 \(trlFrom.level)단계보다 낮거나 없습니다", en: "TRL below \(trlFrom.level) or not stated")
        }
        if let trlTo, !profile.trl.map({ $0 <= trlTo }, or: false) {
            return .filter(
                "trlTo", ko: "TRL이 \(trlTo.level)단계보다 높거나 없습니다", en: "TRL above \(trlTo.level) or not stated")
        }
        if excludeOrganisationIds?.contains(profile.organisationId) == true {
            return .filter("excludeOrganisationIds", ko: "제외한 기관입니다", en: "the organisation was excluded")
        }
        return nil
    }

    /// The same question by what the index keeps, made ready to be asked often.
    func likely() -> (Traits) -> Bool {
        let types = types.map { Set($0) }
        let fields = fields.map { CaseSet($0) }
        let industries = industries.map { CaseSet($0) }
        let sections = ksicSections.map { CaseSet($0) }
        let partnerships = partnerships.map { CaseSet($0) }
        let regions = regions.map { Set($0) }
        let excluded = Set(excludeOrganisationIds ?? [])
        let (lowest, highest) = (trlFrom, trlTo)
        return { traits in
            if let types, !traits.type.map(types.contains, or: true) { return false }
            let facts = traits.facts
            if let fields, fields.isDisjoint(with: facts.fields) { return false }
            if let industries, industries.isDisjoint(with: facts.industries) { return false }
            if let sections, sections.isDisjoint(with: facts.sections) { return false }
            if let partnerships, partnerships.isDisjoint(with: facts.partnerships) { return false }
            if let regions, !facts.region.map(regions.contains, or: false) { return false }
            if let lowest, !facts.trl.map({ $0 >= lowest }, or: false) { return false }
            if let highest, !facts.trl.map({ $0 <= highest }, or: false) { return false }
            return traits.organisation.map { !excluded.contains($0) } ?? true
        }
    }
}

extension Optional {
    fileprivate func map<T>(_ transform: (Wrapped) -> T, or missing: T) -> T { map(transform) ?? missing }
}
