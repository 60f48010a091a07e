import JSON
import ServiceKit
import Storage
import Vocabulary

/// Showing what is sealed: to the person's side always, to an organisation after mutual agreement, with a live consent
/// and for a stated time. Every look leaves a row in the access log, in the same transaction that hands it out.
struct Disclosure: Sendable {
    let profiles: Profiles
    let log: AccessLog

    /// Why, in words of a list: it stands in the log for years.
    enum Purpose: String, Codable, CaseIterable, Sendable, SQLValue {
        case interview, contract
        /// The person wants to know what is kept (PIPA Art. 35).
        case subjectAccess = "subject-access"
        /// The person wants it corrected (PIPA Art. 36).
        case correction
        case legalDuty = "legal-duty"
    }

    struct Reveal: Codable, Sendable {
        let id: PersonID
        /// The posting that both sides agreed on; left out by the person's own side and by operators.
        let postingId: PostingID?
        let purpose: Purpose
    }

    struct Revealed: Codable, Sendable {
        let id: PersonID
        let name: String?
        let email: String?
        let phone: String?
        /// Only for the person's own side: nobody needs it to call somebody.
        let birthYear: Int?
        let cv: String?
        /// Until then the organisation may look again.
        let visibleUntil: Instant?
    }

    var methods: [Method] {
        [
            .command(
                "talent.people.reveal",
                Bilingual(
                    ko: "개인정보를 가리지 않고 보여 주고 접속기록을 남긴다. 같은 멱등 키로 다시 불러도 새로 보여 주고 새로 남긴다",
                    en: "Shows personal data unmasked and logs the look; a repeated key is a further look"),
                // The answer to a key is kept for a repetition; this one must not lie anywhere in the clear.
                role: .member, remembers: .key
            ) { (p: Reveal, w: Write) throws -> Revealed in try reveal(p, w) }
        ]
    }

    private func reveal(_ p: Reveal, _ w: Write) throws -> Revealed {
        let owner = try Profiles.lock(p.id, w)
        var fields = PersonalField.allCases
        var until: Instant?
        if let posting = p.postingId {
            until = try visibleUntil(p.id, posting, w)
            fields = [.name, .email, .phone, .cv]
        } else {
            try Ownership.require(owner, w.call, permission: "talent.person.own")
        }
        let values = try profiles.open(fields, of: p.id, w.db)
        try log.record(Array(values.keys), of: p.id, for: p.purpose, posting: p.postingId, w)
        w.audit(subject: p.id.description, reason: p.purpose.rawValue)
        return Revealed(
            id: p.id, name: values[.name], email: values[.email], phone: values[.phone],
            birthYear: values[.birthYear].flatMap { Int($0) }, cv: values[.cv], visibleUntil: until)
    }

    /// The end of the organisation's view, or why there is none. A posting that was agreed on may be closed since.
    private func visibleUntil(_ person: PersonID, _ posting: PostingID, _ w: Write) throws -> Instant {
        try Ownership.require(Postings.owner(posting, w.db), w.call, permission: "talent.posting.own")
        let interest = try Interests.find(posting, person, w.db)
        guard let interest, interest.state == .agreed, let until = interest.contactUntil else {
            throw Fault.failedPrecondition(
                rule: "contact.notAgreed",
                Bilingual(
                    ko: "양쪽이 동의해야 연락처를 볼 수 있습니다. talent.interests.express로 관심을 확인해 주세요",
                    en:
                        "The contact is shown once both sides agreed: record their interest with talent.interests.express"
                ))
        }
        guard until > w.now else {
            throw Fault.failedPrecondition(
                rule: "contact.expired",
                Bilingual(
                    ko: "연락처를 볼 수 있는 기간이 끝났습니다. 본인에게 다시 동의를 구해 주세요",
                    en: "The time for which the contact was shown is over: ask the person to agree again"),
                data: ["contactUntil": .string(until.description)])
        }
        try Consents.require(.contact, of: person, w.db, w.now)
        return until
    }
}
