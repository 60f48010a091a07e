import JSON
import Testing

@testable import Matching

@Suite struct AssignmentScheduleTests {
    private func pairs(_ instances: inout AssignmentInstances, _ applicants: Int, _ hosts: Int, of: Int)
        -> [AssignmentCertificate.Pair]
    {
        (0..<applicants).flatMap { applicant in
            (0..<hosts).filter { _ in instances.below(of) == 0 }.map {
                .init(applicant: "a\(applicant)", host: "h\($0)")
            }
        }
    }

    /// Nobody in two places, no table twice, every meeting once.
    private func isClean(
        _ schedule: MeetingSchedule, _ pairs: [AssignmentCertificate.Pair], tables: Int?,
        absences: [AssignmentSide: [String: [Int]]] = [:]
    ) -> Bool {
        var seen: Set<String> = []
        for meeting in schedule.meetings {
            let keys = ["a \(meeting.applicant)", "h \(meeting.host)", "t \(meeting.table)"].map {
                "\($0) \(meeting.round)"
            }
            for key in keys { guard seen.insert(key).inserted else { return false } }
            if meeting.table > tables ?? .max { return false }
            if absences[.applicants]?[meeting.applicant]?.contains(meeting.round) == true { return false }
            if absences[.hosts]?[meeting.host]?.contains(meeting.round) == true { return false }
        }
        let all = schedule.meetings.map { AssignmentCertificate.Pair(applicant: $0.applicant, host: $0.host) }
        return Set(all + schedule.unplaced) == Set(pairs) && all.count + schedule.unplaced.count == pairs.count
    }

    @Test func withEverybodyThereTheNumberOfRoundsIsTheLeast() {
        var instances = AssignmentInstances(3)
        for round in 0..<60 {
            let pairs = pairs(&instances, 3 + round % 9, 2 + round % 5, of: 2)
            for tables in [nil, 1, 2, 3] as [Int?] {
                let schedule = MeetingPlanner(pairs, absences: [:], tables: tables, maxRounds: nil).schedule()
                let degree =
                    Set(pairs.map(\.applicant)).map { id in pairs.count { $0.applicant == id } }
                    + Set(pairs.map(\.host)).map { id in pairs.count { $0.host == id } }
                let least = max(degree.max() ?? 0, tables.map { (pairs.count + $0 - 1) / $0 } ?? 0)
                #expect(schedule.rounds == least)
                #expect(schedule.isProvenMinimal && schedule.unplaced.isEmpty && schedule.method == .edgeColouring)
                #expect(isClean(schedule, pairs, tables: tables))
            }
        }
    }

    @Test func absencesAreKeptAndTheProofIsHonest() {
        var instances = AssignmentInstances(5)
        for _ in 0..<60 {
            let pairs = pairs(&instances, 5, 4, of: 2)
            var absences: [AssignmentSide: [String: [Int]]] = [:]
            for applicant in 0..<5 where instances.below(2) == 0 {
                absences[.applicants, default: [:]]["a\(applicant)"] = [1 + instances.below(4)]
            }
            absences[.hosts, default: [:]]["h0"] = [1, 3]
            let schedule = MeetingPlanner(pairs, absences: absences, tables: 3, maxRounds: nil).schedule()
            #expect(schedule.unplaced.isEmpty && schedule.rounds >= schedule.lowerBound)
            #expect(schedule.isProvenMinimal == (schedule.rounds == schedule.lowerBound))
            #expect(isClean(schedule, pairs, tables: 3, absences: absences))
        }
    }

    @Test func whatFindsNoRoundIsNamed() {
        let pairs = (0..<4).map { AssignmentCertificate.Pair(applicant: "a\($0)", host: "h") }
        let schedule = MeetingPlanner(pairs, absences: [:], tables: nil, maxRounds: 3).schedule()
        #expect(schedule.meetings.count == 3 && schedule.unplaced.count == 1 && !schedule.isProvenMinimal)
        let nothing = MeetingPlanner([], absences: [:], tables: 2, maxRounds: nil).schedule()
        #expect(nothing.rounds == 0 && nothing.isProvenMinimal)
    }

    /// Sizes at the limits stay bounded: one host whom everybody wants to see, and absences beside many meetings.
    @Test func theLargestInputsAreAnswered() {
        let crowd = (0..<MeetingPlanner.meetingLimit).map {
            AssignmentCertificate.Pair(applicant: "a\($0)", host: "h")
        }
        let cut = MeetingPlanner(crowd, absences: [:], tables: nil, maxRounds: nil).schedule()
        #expect(cut.rounds == 2_000 && cut.unplaced.count == 8_000 && cut.lowerBound == 10_000)
        var instances = AssignmentInstances(13)
        let pairs = pairs(&instances, 100, 40, of: 3)
        let absences: [AssignmentSide: [String: [Int]]] = [
            .hosts: Dictionary(uniqueKeysWithValues: (0..<40).map { ("h\($0)", [1 + $0 % 50, 7]) })
        ]
        let schedule = MeetingPlanner(pairs, absences: absences, tables: 30, maxRounds: nil).schedule()
        #expect(schedule.unplaced.isEmpty && isClean(schedule, pairs, tables: 30, absences: absences))
        #expect(schedule.rounds <= schedule.lowerBound + 5)
    }

    @Test func theSamePairsGiveTheSameScheduleEveryTime() {
        var instances = AssignmentInstances(9)
        let pairs = pairs(&instances, 30, 12, of: 3)
        let all = Set((0..<3).map { _ in MeetingPlanner(pairs, absences: [:], tables: 8, maxRounds: nil).schedule() })
        #expect(all.count == 1)
    }
}
