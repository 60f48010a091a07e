import JSON
import ServiceKit
import Storage
import Vocabulary

/// `matching.<plural>.publish`, `.prolong`, `.withdraw`: into the public, longer, and out of it.
enum ProfilePublication<Kind: ProfileKind> {
    struct Publish: Codable, Sendable {
        let id: ID<Kind>
        /// Until when it is public; default one year. A new one is needed when the old one has passed.
        let validUntil: Instant?
    }

    struct Renew: Codable, Sendable {
        let id: ID<Kind>
        /// Later than the present end; default one year from now.
        let validUntil: Instant?
    }

    struct Withdraw: Codable, Sendable, Constrained {
        let id: ID<Kind>
        let reason: String?
        static var constraints: [String: Schema.Constraint] { ["reason": .length(1...500)] }
    }

    private static func name(_ verb: String) -> String { "matching.\(Kind.plural).\(verb)" }

    static var methods: [Method] {
        [
            .command(
                name("publish"),
                Bilingual(
                    ko: "\(Kind.name.ko)을(를) 공개한다(소유 기관은 검토를 통과한 판만)",
                    en: "Publishes a \(Kind.name.en); its owner only what passed review, an operator anything"),
                role: .member, idempotent: true
            ) { (p: Publish, w: Write) throws -> Profile<Kind> in try publish(p, w) },
            .command(
                name("prolong"),
                Bilingual(
                    ko: "\(Kind.name.ko)의 공개 기간을 만료 전이나 뒤에 연장한다",
                    en: "Prolongs a \(Kind.name.en), before or after it expired"),
                role: .member
            ) { (p: Renew, w: Write) throws -> Profile<Kind> in try renew(p, w) },
            .command(
                name("withdraw"), Bilingual(ko: "\(Kind.name.ko)을(를) 철회한다", en: "Withdraws a \(Kind.name.en)"),
                role: .member, idempotent: true
            ) { (p: Withdraw, w: Write) throws -> Profile<Kind> in try withdraw(p, w) },
        ]
    }

    static func publish(_ p: Publish, _ w: Write) throws -> Profile<Kind> {
        try requireFuture(p.validUntil, w.now)
        var profile = try Profile<Kind>.own(p.id, w)
        var standing = profile.standing(at: w.now)
        if standing.state == .published, p.validUntil == nil || p.validUntil == profile.validUntil { return profile }
        do throws(ProfileRefused) { _ = try standing.publish(by: w.call.actor) } catch { throw error.fault(p.id) }
        try profile.requireNoContact()
        let validUntil = p.validUntil ?? profile.validUntil
        if let validUntil, validUntil <= w.now {
            throw Fault.failedPrecondition(
                rule: "profile.validityPassed",
                Bilingual(
                    ko: "유효기간이 지났습니다. 새 유효기간(validUntil)과 함께 공개하거나 연장(prolong)하세요.",
                    en: "Its validity has passed. Publish it with a new validUntil, or prolong it."),
                data: ["validUntil": .string(validUntil.description)])
        }
        try profile.stand(standing, w)
        profile.open(until: validUntil, w.now)
        try profile.save(.published, w)
        try SharedPatent.tell(of: profile, w)
        return profile
    }

    private static func renew(_ p: Renew, _ w: Write) throws -> Profile<Kind> {
        try requireFuture(p.validUntil, w.now)
        var profile = try Profile<Kind>.own(p.id, w)
        var standing = profile.standing(at: w.now)
        do throws(ProfileRefused) { try standing.renew() } catch { throw error.fault(p.id) }
        let end = p.validUntil ?? w.now + profile.type.validity
        if let present = profile.validUntil, end <= present {
            throw Fault.invalid(
                "/validUntil", .string(end.description),
                Bilingual(
                    ko: "지금의 유효기간(\(present))보다 늦어야 합니다", en: "must be later than the present end, \(present)"))
        }
        try profile.stand(standing, w)
        profile.setValidity(end, w.now)
        profile.renewals += 1
        try profile.save(.renewed, w)
        return profile
    }

    private static func withdraw(_ p: Withdraw, _ w: Write) throws -> Profile<Kind> {
        var profile = try Profile<Kind>.own(p.id, w)
        var standing = ProfileStanding(state: profile.state, isReviewed: profile.isReviewed)
        if standing.withdraw() == .unchanged { return profile }
        if Kind.side == .supply { try TechnologyHolds.requireNoLiveHold(profile.id.description, w) }
        try profile.stand(standing, w)
        try profile.save(.withdrawn, reason: p.reason, w)
        return profile
    }

    static func requireFuture(_ validUntil: Instant?, _ now: Instant) throws {
        guard let validUntil, validUntil <= now else { return }
        throw Fault.invalid(
            "/validUntil", .string(validUntil.description),
            Bilingual(ko: "앞으로 올 시각이어야 합니다", en: "must be a moment in the future"))
    }
}
