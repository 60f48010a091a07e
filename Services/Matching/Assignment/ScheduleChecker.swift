import JSON

/// Verifies a schedule without the planner's code: nobody in two places or there while away, no more meetings in a round
/// than tables, every pair of the assignment once, and every claim about the number of rounds.
struct ScheduleChecker {
    typealias Violation = AssignmentChecker.Violation

    private let schedule: MeetingSchedule
    private var violations: [Violation] = []
    /// By participant: how often it is to meet, and the rounds that it cannot take or has taken.
    private var degrees: [Party: Int] = [:]
    private var taken: [Party: Set<Int>] = [:]
    private var sizes: [Int: Int] = [:]

    private struct Party: Hashable {
        let side: AssignmentSide
        let id: String
    }

    /// Everything that is wrong with it, at most 50 things.
    /// - Parameter certificate: of the assignment; without it the pairs are taken as given.
    static func violations(of json: JSON, for certificate: AssignmentCertificate?) -> [Violation] {
        guard let schedule = try? json.decode(MeetingSchedule.self), (try? JSON.encode(schedule)) == json,
            schedule.isExcerpt == nil
        else {
            return [.init("schedule.shape", "", "전체 시간표의 모양이 아닙니다", "it is no whole schedule of this format")]
        }
        guard schedule.format == MeetingSchedule.format, (1...2_000).contains(schedule.maxRounds),
            schedule.tables.map({ (1...10_000).contains($0) }) ?? true,
            schedule.meetings.count + schedule.unplaced.count <= 10_000
        else {
            return [.init("schedule.limits", "", "형식이나 한도를 벗어났습니다", "the format or a limit is not kept")]
        }
        var checker = ScheduleChecker(schedule: schedule)
        if AssignmentCertificate.digest(of: json) != schedule.digest {
            checker.fail("schedule.digest", "/digest", "내용이 다이제스트와 다릅니다", "the content does not have this digest")
        }
        checker.checkPairs(certificate)
        checker.checkAbsences()
        checker.checkMeetings()
        checker.checkUnplaced()
        checker.checkRounds()
        return Array(checker.violations.prefix(AssignmentChecker.violationLimit))
    }

    private init(schedule: MeetingSchedule) { self.schedule = schedule }

    private mutating func fail(_ rule: String, _ pointer: String, _ ko: String, _ en: String) {
        violations.append(.init(rule, pointer, ko, en))
    }

    private static func parties(_ pair: AssignmentCertificate.Pair) -> [Party] {
        [Party(side: .applicants, id: pair.applicant), Party(side: .hosts, id: pair.host)]
    }

    private mutating func checkPairs(_ certificate: AssignmentCertificate?) {
        let all = schedule.meetings.map(\.pair) + schedule.unplaced
        for pair in all { for party in Self.parties(pair) { degrees[party, default: 0] += 1 } }
        if Set(all).count != all.count {
            fail("schedule.pairs", "/meetings", "같은 만남이 두 번 나옵니다", "a meeting occurs twice")
        }
        guard let certificate else { return }
        let missing = Set(schedule.unplaced)
        if certificate.digest != schedule.assignmentDigest || Set(certificate.assignment) != Set(all)
            || certificate.assignment.filter(missing.contains) != schedule.unplaced
        {
            fail(
                "schedule.assignment", "/assignmentDigest", "이 배정의 시간표가 아닙니다",
                "it is not the schedule of this assignment")
        }
    }

    private mutating func checkAbsences() {
        for (index, absence) in schedule.absences.enumerated() {
            let party = Party(side: absence.side, id: absence.id)
            let isKnown = degrees[party] != nil && taken[party] == nil
            let inOrder = zip(absence.rounds, absence.rounds.dropFirst()).allSatisfy { $0 < $1 }
            if !isKnown || !inOrder || absence.rounds.isEmpty || absence.rounds.first ?? 0 < 1 {
                fail(
                    "schedule.absence", "/absences/\(index)", "모르는 참가자이거나 두 번 나오거나 순서가 맞지 않습니다",
                    "an absence is of nobody, twice, or out of order")
            }
            taken[party] = Set(absence.rounds)
        }
    }

    private mutating func checkMeetings() {
        var last = (0, 0)
        for (index, meeting) in schedule.meetings.enumerated() {
            let place = "/meetings/\(index)"
            let size = sizes[meeting.round, default: 0] + 1
            sizes[meeting.round] = size
            if (meeting.round, meeting.table) <= last || meeting.round < 1 || meeting.round > schedule.maxRounds
                || meeting.table != size || size > schedule.tables ?? .max
            {
                fail(
                    "schedule.table", place, "회차·탁자의 순서나 한도가 맞지 않습니다",
                    "its round or table is out of order or beyond the limit")
            }
            last = (meeting.round, meeting.table)
            for party in Self.parties(meeting.pair)
            where !taken[party, default: []].insert(meeting.round).inserted {
                fail(
                    "schedule.clash", place, "\(party.id)은(는) \(meeting.round)회차에 올 수 없거나 다른 만남이 있습니다",
                    "\(party.id) is away or has another meeting in round \(meeting.round)")
            }
        }
    }

    /// What was left out must have found no round.
    private mutating func checkUnplaced() {
        for (index, pair) in schedule.unplaced.enumerated() {
            var isOpen = [Bool](repeating: true, count: schedule.maxRounds + 1)
            for party in Self.parties(pair) {
                for round in taken[party] ?? [] where round <= schedule.maxRounds { isOpen[round] = false }
            }
            let fits = (1...schedule.maxRounds).contains {
                isOpen[$0] && sizes[$0, default: 0] < schedule.tables ?? .max
            }
            if fits {
                fail("schedule.unplaced", "/unplaced/\(index)", "아직 맞는 회차가 있습니다", "there is a round for it")
                return
            }
        }
    }

    private mutating func checkRounds() {
        let count = schedule.meetings.count + schedule.unplaced.count
        var bound = schedule.tables.map { (count + $0 - 1) / $0 } ?? 0
        let away = Dictionary(
            schedule.absences.map { (Party(side: $0.side, id: $0.id), $0.rounds) },
            uniquingKeysWith: { first, _ in first })
        for (party, degree) in degrees {
            // The round in which it could at best have its last meeting: each earlier absence moves it by one.
            var last = degree
            for round in (away[party] ?? []).sorted() where round <= last { last += 1 }
            bound = max(bound, last)
        }
        let rounds = schedule.meetings.map(\.round).max() ?? 0
        let isMinimal = schedule.unplaced.isEmpty && rounds == bound
        let isColoured = schedule.absences.isEmpty ? isMinimal : schedule.unplaced.isEmpty
        let isPossible =
            switch schedule.method {
            case .edgeColouring: isColoured && schedule.absences.isEmpty
            case .orderedColouring: isColoured && !schedule.absences.isEmpty
            case .heuristic: true
            }
        if rounds != schedule.rounds || bound != schedule.lowerBound || isMinimal != schedule.isProvenMinimal
            || !isPossible
        {
            fail(
                "schedule.rounds", "/rounds", "회차 수에 대한 말이 시간표와 다릅니다(적어도 \(bound)회차)",
                "what is said of the number of rounds is not so (at least \(bound))")
        }
    }
}
