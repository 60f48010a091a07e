import JSON
import ServiceKit
import Storage
import Vocabulary

/// Assigning what was registered, checking any certificate, and the schedule of meetings.
enum EventAssignments {
    struct Assign: Codable, Sendable, Constrained {
        let id: AssignmentEventID
        let method: AssignmentMethod
        /// For the lottery; drawn by the service if left out, and always part of the result.
        let seed: Int64?
        static let constraints: [String: Schema.Constraint] = ["seed": .range(Lottery.seeds)]
    }

    struct Solve: Codable, Sendable, Constrained {
        let problem: AssignmentProblem
        let method: AssignmentMethod
        /// Default 0.
        let seed: Int64?
        static let constraints: [String: Schema.Constraint] = ["seed": .range(Lottery.seeds)]
    }

    /// What is given beside the certificate is held against it; without it, a certificate of another problem that holds
    /// is as good as this one.
    struct Verify: Codable, Sendable, Constrained {
        let certificate: JSON
        /// The problem that it must be of.
        let problem: AssignmentProblem?
        /// The event whose kept certificate it must be, of this version or the last.
        let id: AssignmentEventID?
        let version: Int?
        /// A schedule of the meetings, as `matching.events.schedule` gave it.
        let schedule: JSON?
        static let constraints: [String: Schema.Constraint] = ["version": .range(1...1_000_000)]
    }

    struct Verdict: Codable, Sendable {
        let isValid: Bool
        /// At most 50.
        let violations: [AssignmentChecker.Violation]
        let summary: Bilingual
    }

    struct Result: Codable, Sendable {
        let event: AssignmentEvent
        let version: Int
        let summary: [Bilingual]
        let totals: AssignmentCertificate.Totals
        let digest: String
        /// Left out where it is too large for one message (`CertificatePart.whole`): `matching.events.certificate` gives
        /// it in parts.
        let certificate: AssignmentCertificate?
    }

    struct Version: Codable, Sendable, Constrained {
        let id: AssignmentEventID
        /// Default: the last.
        let version: Int?
        static let constraints: [String: Schema.Constraint] = ["version": .range(1...1_000_000)]
    }

    struct Explain: Codable, Sendable, Constrained {
        let id: AssignmentEventID
        let side: AssignmentSide
        let participant: String
        let version: Int?
        static let constraints: [String: Schema.Constraint] = [
            "participant": .length(1...100), "version": .range(1...1_000_000),
        ]
    }

    static let methods: [Method] =
        [
            .command(
                "matching.events.assign",
                Bilingual(
                    ko: "참가자를 배정하고 검증할 수 있는 인증서를 남긴다",
                    en: "Assigns the participants and keeps a certificate anybody can check"),
                role: .member
            ) { (p: Assign, w: Write) throws -> Result in try assign(p, w) },
            .query(
                "matching.events.result", Bilingual(ko: "배정 인증서를 조회한다", en: "Reads the certificate of an assignment"),
                role: .member
            ) { (p: Version, r: Read) throws -> JSON in
                let event = try AssignmentEvent.find(p.id, r.db)
                try event.mustTakePart(r)
                let text = try event.certificateText(p.version, r.db)
                guard text.utf8.count <= CertificatePart.whole else { throw CertificatePart.tooLarge(text.utf8.count) }
                return try JSON(parsing: text)
            },
            .query(
                "matching.events.certificate",
                Bilingual(
                    ko: "배정 인증서를 나누어 조회한다. 이으면 그대로의 JSON이다",
                    en: "Reads the certificate of an assignment in parts, whose texts together are its JSON"),
                role: .member
            ) { (p: CertificatePart.Ask, r: Read) throws -> CertificatePart in
                let event = try AssignmentEvent.find(p.id, r.db)
                try event.mustTakePart(r)
                return CertificatePart(
                    of: try event.certificateText(p.version, r.db), from: p.from ?? 0,
                    length: p.length ?? CertificatePart.length, digest: try event.digest(p.version, r.db))
            },
            .query(
                "matching.events.explain",
                Bilingual(ko: "한 참가자의 배정 이유를 설명한다", en: "Explains the assignment of one participant"), role: .member
            ) { (p: Explain, r: Read) throws -> AssignmentExplanation in
                let event = try AssignmentEvent.find(p.id, r.db)
                try event.mustTakePart(r)
                let certificate = try event.certificate(p.version, r.db).decode(AssignmentCertificate.self)
                guard let explanation = AssignmentExplanation(p.participant, p.side, certificate) else {
                    throw Fault.notFound(kind: "participant", id: p.participant)
                }
                return explanation
            },
            .query(
                "matching.events.verify",
                Bilingual(ko: "인증서를 검증한다. 하나라도 바뀌면 거부한다", en: "Checks a certificate; any alteration is rejected"),
                role: .viewer
            ) { (p: Verify, r: Read) throws -> Verdict in
                var kept: String?
                if let id = p.id { kept = try AssignmentEvent.find(id, r.db).digest(p.version, r.db) }
                return verdict(p.certificate, schedule: p.schedule, problem: p.problem, keptDigest: kept)
            },
            .query(
                "matching.assignments.solve",
                Bilingual(ko: "주어진 문제를 바로 배정한다(저장하지 않음)", en: "Assigns a problem given in the call; nothing is kept"),
                role: .viewer
            ) { (p: Solve, r: Read) throws -> AssignmentCertificate in
                let errors = p.problem.errors(at: "/problem") + missingScores(p.problem, p.method)
                if !errors.isEmpty { throw Fault.invalid(errors) }
                return try Assignment(p.problem, p.method, seed: p.seed ?? 0, step: r.call.assigning(_:of:))
                    .certificate()
            },
        ] + EventSchedules.methods

    /// - Parameter keptDigest: of the certificate that the event keeps.
    static func verdict(
        _ json: JSON, schedule: JSON? = nil, problem: AssignmentProblem? = nil, keptDigest: String? = nil
    ) -> Verdict {
        var violations = AssignmentChecker.violations(of: json)
        let certificate = try? json.decode(AssignmentCertificate.self)
        if let problem, problem != certificate?.problem {
            violations.append(
                .init("problem.other", "/problem", "주어진 문제의 인증서가 아닙니다", "it is not of the problem that was given"))
        }
        if let keptDigest, keptDigest != certificate?.digest {
            violations.append(
                .init("event.other", "/digest", "이 행사가 간직한 인증서가 아닙니다", "it is not the certificate that the event keeps")
            )
        }
        if let schedule { violations += ScheduleChecker.violations(of: schedule, for: certificate) }
        violations = Array(violations.prefix(AssignmentChecker.violationLimit))
        let summary =
            violations.isEmpty
            ? Bilingual(ko: "인증서가 맞습니다.", en: "The certificate holds.")
            : Bilingual(
                ko: "인증서가 맞지 않습니다(\(violations.count)건).", en: "The certificate does not hold (\(violations.count)).")
        return Verdict(isValid: violations.isEmpty, violations: violations, summary: summary)
    }

    private static func missingScores(_ problem: AssignmentProblem, _ method: AssignmentMethod) -> [FieldError] {
        guard method == .maximumScore, problem.scores?.isEmpty ?? true else { return [] }
        return [
            FieldError(
                "/problem/scores", nil, Bilingual(ko: "maximumScore에는 점수가 필요합니다", en: "maximumScore needs scores"))
        ]
    }

    private static func assign(_ p: Assign, _ w: Write) throws -> Result {
        var event = try AssignmentEvent.find(p.id, w.db)
        try event.mustBeOrganised(by: w.call)
        try event.mustBe(.closed, .assigned)
        if p.method == .maximumScore, event.scoreCount == 0 {
            throw Fault.failedPrecondition(
                rule: "event.noScores",
                Bilingual(
                    ko: "점수가 없습니다. 등록 중에 matching.events.score나 setScores로 점수를 주거나 다른 방식을 쓰세요.",
                    en: "There are no scores. Give them by matching.events.score or setScores, or use another method."))
        }
        let seed = p.seed ?? Int64.random(in: Lottery.seeds)
        let (certificate, json) = try Assignment(
            try event.problem(w.db), p.method, seed: seed, step: w.call.assigning(_:of:)
        ).certified()
        // What does not hold is not kept, whoever's mistake it was.
        let violations = AssignmentChecker.violations(of: certificate, json)
        guard violations.isEmpty else {
            throw Fault(.internalError, data: ["violations": try JSON.encode(violations)])
        }
        let version = (event.assignmentVersion ?? 0) + 1
        let text = json.text
        try w.db.run(
            """
            INSERT INTO assignment_result (event_id, version, method, seed, digest, certificate, principal, at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, p.id, version, p.method.rawValue, seed, certificate.digest, text, w.call.principal, w.now)
        event.state = .assigned
        event.assignmentVersion = version
        try event.update(w)
        let told: JSON = [
            "id": .string(event.id.description), "version": .integer(Int64(version)),
            "method": .string(p.method.rawValue), "seed": .integer(seed), "digest": .string(certificate.digest),
            "totals": try JSON.encode(certificate.totals),
        ]
        try w.emit("matching.event.assigned", subject: event.id.description, told)
        return Result(
            event: event, version: version, summary: AssignmentExplanation.summary(certificate),
            totals: certificate.totals, digest: certificate.digest,
            certificate: text.utf8.count <= CertificatePart.whole ? certificate : nil)
    }
}

extension AssignmentEvent {
    /// The organiser, and those who registered somebody: a certificate shows all lists, so that it can be checked.
    func mustTakePart(_ r: Read) throws {
        if isOrganised(by: r.call) { return }
        let own = try r.db.row(
            "SELECT 1 AS one FROM assignment_participant WHERE event_id = ? AND registered_by = ?", id,
            r.call.principal)
        guard own != nil else { throw Fault.forbidden(permission: "matching.event.takePart:\(id)") }
    }
    /// The digest of the certificate of one version, the last by default.
    func digest(_ version: Int?, _ db: Connection) throws -> String {
        guard let version = version ?? assignmentVersion,
            let row = try db.row("SELECT digest FROM assignment_result WHERE event_id = ? AND version = ?", id, version)
        else { throw Self.notAssigned }
        return try row.get("digest")
    }
}

extension Call {
    /// Says how many applicants a solver has served, and ends it when nobody waits for it any more.
    func assigning(_ done: Int, of total: Int) throws {
        try mustGoOn()
        progress(Int64(done), of: Int64(total), Bilingual(ko: "신청자를 배정한다", en: "assigning the applicants"))
    }
}
