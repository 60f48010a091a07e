import JSON

/// An assignment, a timetable and a checker's verdict for people.
struct AssignmentView: Sendable {
    let certificate: JSON

    /// How many pairs a terminal shows; the rest is in the certificate.
    private static let pairLimit = 60

    var text: String {
        let totals = certificate["totals"] ?? [:]
        var lines = [Terminal.strong(Self.method(certificate["method"]?.string ?? ""))]
        lines.append(
            words(
                "\(number(totals, "pairs"))쌍, 배정되지 않은 신청자 \(number(totals, "unassignedApplicants")), 빈 자리 \(number(totals, "vacantPlaces")), 서로를 더 원하는 쌍 \(number(totals, "blockingPairs"))",
                "\(number(totals, "pairs")) pairs, \(number(totals, "unassignedApplicants")) applicants without, "
                    + "\(number(totals, "vacantPlaces")) places vacant, \(number(totals, "blockingPairs")) blocking pairs"
            ))
        var table = Table([words("신청자", "APPLICANT"), words("기관", "HOST")])
        let pairs = certificate["assignment"]?.array ?? []
        for pair in pairs.prefix(Self.pairLimit) {
            table.row([pair["applicant"]?.string ?? "", pair["host"]?.string ?? ""])
        }
        lines += ["", table.text]
        if pairs.count > Self.pairLimit {
            lines.append(words("… 그 밖에 \(pairs.count - Self.pairLimit)쌍", "… and \(pairs.count - Self.pairLimit) more"))
        }
        lines.append("")
        lines.append(
            Terminal.faint(
                words("추첨 씨앗 ", "lottery seed ") + (certificate.at("/lottery/seed")?.integer.map(String.init) ?? "?")
                    + " · " + String((certificate["digest"]?.string ?? "").prefix(23)) + "…"))
        return lines.joined(separator: "\n")
    }

    static func timetable(_ schedule: JSON) -> String {
        var table = Table([words("회차", "ROUND"), words("탁자", "TABLE"), words("신청자", "APPLICANT"), words("기관", "HOST")])
        for meeting in schedule["meetings"]?.array ?? [] {
            table.row([
                meeting["round"]?.integer.map(String.init) ?? "", meeting["table"]?.integer.map(String.init) ?? "",
                meeting["applicant"]?.string ?? "", meeting["host"]?.string ?? "",
            ])
        }
        var lines = [table.text]
        for pair in schedule["unplaced"]?.array ?? [] {
            lines.append(
                Terminal.bad(words("자리 없음: ", "no round: "))
                    + "\(pair["applicant"]?.string ?? "") – \(pair["host"]?.string ?? "")")
        }
        lines.append("")
        let rounds = schedule["rounds"]?.integer ?? 0
        if schedule["isExcerpt"]?.bool == true {
            lines.append(
                words("자기 만남만 보인다. 주최자가 공개하면 모두 보인다.", "Your own meetings only, until the organiser publishes all."))
        } else if schedule["isProvenMinimal"]?.bool == true {
            lines.append(words("\(rounds)회차: 더 줄일 수 없다.", "\(rounds) rounds: no fewer are possible."))
        } else {
            let bound = schedule["lowerBound"]?.integer ?? 0
            lines.append(
                words("\(rounds)회차 (적어도 \(bound)회차는 있어야 한다).", "\(rounds) rounds (at least \(bound) are needed)."))
        }
        return lines.joined(separator: "\n")
    }

    static func verdict(_ answer: JSON) -> String {
        let isValid = answer["isValid"]?.bool == true
        let sentence = answer.at(words("/summary/ko", "/summary/en"))?.string ?? ""
        var lines = [(isValid ? Terminal.good("✓ ") : Terminal.bad("✗ ")) + sentence]
        for violation in answer["violations"]?.array ?? [] {
            let text = violation.at(words("/explanation/ko", "/explanation/en"))?.string ?? ""
            let place = [violation["rule"]?.string, violation["pointer"]?.string].compactMap(\.self)
                .filter { !$0.isEmpty }.joined(separator: " ")
            lines.append(Table.marked("· ", "\(text) (\(place))", indent: 2))
        }
        return lines.joined(separator: "\n")
    }

    private static func method(_ method: String) -> String {
        switch method {
        case "applicantOptimal": words("안정 배정, 신청자에게 가장 좋은 것", "Stable, the best for applicants")
        case "hostOptimal": words("안정 배정, 기관에 가장 좋은 것", "Stable, the best for hosts")
        case "maximumScore": words("점수 합계가 가장 큰 배정", "The greatest sum of scores")
        default: method
        }
    }

    private func number(_ totals: JSON, _ member: String) -> String { totals[member]?.integer.map(String.init) ?? "?" }
}
