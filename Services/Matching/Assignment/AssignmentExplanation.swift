import JSON

/// What one participant got and why not more, in sentences made from the certificate alone.
struct AssignmentExplanation: Codable, Sendable {
    let participant: String
    let assigned: [String]
    let capacity: Int
    let sentences: [Bilingual]

    /// Nil if nobody on that side has this identifier.
    init?(_ id: String, _ side: AssignmentSide, _ certificate: AssignmentCertificate) {
        guard let one = certificate.problem.participants(side).first(where: { $0.id == id }) else { return nil }
        participant = id
        capacity = one.places
        let assigned = certificate.assignment.compactMap { pair -> String? in
            switch side {
            case .applicants: pair.applicant == id ? pair.host : nil
            case .hosts: pair.host == id ? pair.applicant : nil
            }
        }
        self.assigned = assigned
        let standings = side == .applicants ? certificate.applicants : certificate.hosts
        let standing = standings.first { $0.id == id }
        var sentences = [Self.outcome(assigned, one.places)]
        for refusal in standing?.wanted ?? [] { sentences.append(Self.sentence(refusal)) }
        let others = Dictionary(
            certificate.problem.participants(side.other).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for other in one.groups?.flatMap(\.self) ?? [] {
            if let list = others[other]?.groups, !list.contains(where: { $0.contains(id) }) {
                sentences.append(
                    Bilingual(
                        ko: "\(other): 이 참가자를 목록에 올리지 않아 짝이 될 수 없습니다.",
                        en: "\(other): it does not list this participant, so they cannot be a pair."))
            }
        }
        if let standing, standing.wanted.isEmpty {
            sentences.append(
                Bilingual(
                    ko: "서로 받아들일 수 있는 상대는 모두 배정되었습니다. 남은 자리를 채울 상대가 없습니다.",
                    en: "Everybody who is acceptable to both sides was assigned; nobody is left for the free places."))
        }
        if standing == nil {
            sentences.append(Bilingual(ko: "더 나은 상대가 없습니다.", en: "There is nobody it would rather have."))
        }
        self.sentences = sentences
    }

    private static func outcome(_ assigned: [String], _ capacity: Int) -> Bilingual {
        guard !assigned.isEmpty else {
            return Bilingual(ko: "배정되지 않았습니다(정원 \(capacity)).", en: "It was not assigned (capacity \(capacity)).")
        }
        let names = assigned.joined(separator: ", ")
        return Bilingual(
            ko: "\(names)에 배정되었습니다(\(assigned.count)/\(capacity)).",
            en: "It was assigned \(names) (\(assigned.count) of \(capacity)).")
    }

    private static func sentence(_ refusal: AssignmentCertificate.Refusal) -> Bilingual {
        if let score = refusal.score, let price = refusal.price {
            return Bilingual(
                ko: "\(refusal.id): 이 쌍은 \(score)점인데, 두 자리가 합계에 주는 값(\(price)점)보다 크지 않습니다.",
                en:
                    "\(refusal.id): the pair scores \(score), no more than the \(price) that the two places are worth to the sum."
            )
        }
        guard let least = refusal.least else {
            return Bilingual(ko: "\(refusal.id): 자리가 없습니다(정원 0).", en: "\(refusal.id): it has no places (capacity 0).")
        }
        return Bilingual(
            ko: "\(refusal.id): 정원이 찼고, 배정된 상대 가운데 가장 뒤인 \(least)까지 모두 이 참가자보다 선호합니다.",
            en: "\(refusal.id): it is full and prefers everybody it has, down to \(least), to this participant.")
    }

    /// The whole assignment in a few sentences.
    static func summary(_ certificate: AssignmentCertificate) -> [Bilingual] {
        let totals = certificate.totals
        var sentences = [
            Bilingual(
                ko:
                    "\(totals.pairs)쌍을 배정했습니다. 배정되지 않은 신청자 \(totals.unassignedApplicants), 빈 자리 \(totals.vacantPlaces).",
                en:
                    "\(totals.pairs) pairs were assigned; \(totals.unassignedApplicants) applicants are without, \(totals.vacantPlaces) places vacant."
            )
        ]
        switch certificate.method {
        case .applicantOptimal, .hostOptimal:
            let side =
                certificate.method == .applicantOptimal
                ? Bilingual(ko: "신청자", en: "applicants") : Bilingual(ko: "기관", en: "hosts")
            sentences.append(
                Bilingual(
                    ko: "지금보다 서로를 더 원하는 쌍이 없으며(안정), 안정 배정 가운데 \(side.ko) 쪽에 가장 좋습니다.",
                    en:
                        "No two would rather have each other (stable), and of all stable assignments it is the best for \(side.en)."
                ))
        case .maximumScore:
            sentences.append(
                Bilingual(
                    ko: "점수 합계 \(totals.score ?? 0)점은 가능한 가장 큰 값입니다. 서로를 더 원하는 쌍은 \(totals.blockingPairs)쌍입니다.",
                    en:
                        "The sum of scores \(totals.score ?? 0) is the greatest possible; \(totals.blockingPairs) pairs would rather have each other."
                ))
        }
        return sentences
    }
}
