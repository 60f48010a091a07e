import JSON
import ServiceKit
import Storage
import Vocabulary

/// How a row names the organisation that it belongs to: by identifier, business number or name, and with its kind one
/// that is yet to be registered.
struct OrganisationReference {
    var name: String?
    var kind: JSON?
    var number: JSON?

    /// The organisation, registered if need be.
    /// - Throws: what is wrong with the cells that name it.
    func resolve(_ standard: OrganisationID?, region: JSON?, _ w: Write) throws -> OrganisationID {
        let number = try self.number.map(Self.number)
        if name == nil, number == nil {
            if let standard { return standard }
            throw FieldError("/organisationId", nil, Bilingual(ko: "꼭 필요합니다", en: "is required"))
        }
        if let name, let id = OrganisationID(name) { return try Organisations.find(id, w.db).id }
        if let number = number ?? name.flatMap(BusinessNumber.init) {
            if let id = try Self.registered(number, w.db) { return id }
        } else if let name {
            let found = try Self.named(name, w.db)
            if found.count == 1 { return found[0] }
            if found.count > 1 { throw Self.ambiguous(name, found) }
        }
        return try register(number, region: region, w)
    }

    private static func number(_ value: JSON) throws -> BusinessNumber {
        let errors = Schema.of(BusinessNumber.self).validate(value, at: "/businessNumber")
        guard errors.isEmpty, let number = value.string.flatMap(BusinessNumber.init) else { throw FieldErrors(errors) }
        return number
    }

    private static func registered(_ number: BusinessNumber, _ db: Connection) throws -> OrganisationID? {
        try db.row("SELECT id FROM organisation WHERE business_number = ?", number.description)?.get("id")
    }

    /// By the name as it is written, else by the name without its legal form.
    private static func named(_ name: String, _ db: Connection) throws -> [OrganisationID] {
        let exact = try db.rows(
            "SELECT id FROM organisation WHERE name_ko = ? AND merged_into IS NULL ORDER BY id LIMIT 5", name)
        if !exact.isEmpty { return try exact.map { try $0.get("id") } }
        return try namesakes(name, db)
    }

    /// Organisations of this name, whatever their legal form.
    static func namesakes(_ name: String, _ db: Connection) throws -> [OrganisationID] {
        let key = OrganisationName.key(name)
        guard !key.isEmpty else { return [] }
        return try db.rows(
            """
            SELECT organisation_id AS id FROM organisation_code WHERE scheme = 'name' AND code = ?
            ORDER BY organisation_id LIMIT 5
            """, key
        ).map { try $0.get("id") }
    }

    private static func ambiguous(_ name: String, _ found: [OrganisationID]) -> FieldError {
        let list = found.map(\.description).joined(separator: ", ")
        return FieldError(
            "/organisationId", .string(name),
            Bilingual(
                ko: "같은 이름의 기관이 여럿입니다. 식별자나 사업자등록번호를 쓰세요: \(list)",
                en: "is the name of several organisations; write an identifier or business number: \(list)"))
    }

    private func register(_ number: BusinessNumber?, region: JSON?, _ w: Write) throws -> OrganisationID {
        guard let kind, let name, BusinessNumber(name) == nil else {
            throw FieldError(
                "/organisationId", .string(name ?? number?.description ?? ""),
                Bilingual(
                    ko: "등록되지 않은 기관입니다. 먼저 등록하거나, 기관명과 함께 organisationKind(기관유형) 열을 채우세요",
                    en: "is not registered. Register it first, or fill the column organisationKind beside its name"))
        }
        var create: JSON = ["kind": kind, "nameKo": .string(name)]
        if let number { create["businessNumber"] = .string(number.description) }
        if let region, region.string.flatMap(Region.init) != nil { create["region"] = region }
        let errors = Schema.of(Organisations.Create.self).validate(create).map { error in
            FieldError(error.pointer == "/kind" ? "/organisationKind" : "/organisationId", error.value, error.rule)
        }
        guard errors.isEmpty else { throw FieldErrors(errors) }
        return try Organisations.create(create.decode(), isOwn: !w.call.actsForOthers, w).id
    }
}
