import JSON
import Testing

@testable import Matching

@Suite struct ScheduleCheckerTests {
    private let problem = AssignmentProblem(
        applicants: (0..<5).map { .init(id: "a\($0)", capacity: 3, preferences: nil, tiers: nil) },
        hosts: (0..<4).map { .init(id: "h\($0)", capacity: 3, preferences: nil, tiers: nil) }, scores: nil)

    /// A schedule of each method: everybody there, absences that fit, and too few rounds.
    private func schedules() throws -> [(certificate: AssignmentCertificate, schedule: MeetingSchedule)] {
        let certificate = try Assignment(problem, .applicantOptimal, seed: 3).certificate()
        let absences: [AssignmentSide: [String: [Int]]] = [.hosts: ["h0": [1], "h1": [2, 4]]]
        let planned = [
            MeetingPlanner(certificate.assignment, absences: [:], tables: 3, maxRounds: nil),
            MeetingPlanner(certificate.assignment, absences: absences, tables: nil, maxRounds: 9),
            MeetingPlanner(certificate.assignment, absences: absences, tables: 2, maxRounds: 4),
        ]
        return try planned.map { (certificate, try $0.schedule().certified(for: certificate.digest)) }
    }

    @Test func whatThePlannerMakesHolds() throws {
        for (certificate, schedule) in try schedules() {
            #expect(ScheduleChecker.violations(of: try JSON.encode(schedule), for: certificate) == [])
            #expect(ScheduleChecker.violations(of: try JSON.encode(schedule), for: nil) == [])
        }
        #expect(try !schedules()[2].schedule.unplaced.isEmpty)
    }

    @Test func everyAlterationIsRejected() throws {
        for (certificate, schedule) in try schedules() {
            let altered = try JSON.encode(schedule).alterations
            #expect(altered.count > 100)
            for other in altered {
                #expect(!ScheduleChecker.violations(of: other, for: certificate).isEmpty, "\(other.text)")
            }
        }
    }

    /// Under a digest that was made to fit, what it says must still be so. Who is absent and what limits were asked for
    /// is the organiser's to say, and how it was made cannot be told from it.
    @Test func aForgedScheduleIsFoundOut() throws {
        for (certificate, schedule) in try schedules() {
            let json = try JSON.encode(schedule)
            for member in [
                "meetings", "unplaced", "rounds", "lowerBound", "isProvenMinimal", "assignmentDigest", "format",
            ] {
                for other in (json[member] ?? .null).alterations {
                    var forged = json
                    forged[member] = other
                    forged["digest"] = .string(AssignmentCertificate.digest(of: forged))
                    let violations = ScheduleChecker.violations(of: forged, for: certificate)
                    #expect(!violations.isEmpty, "\(member) \(other.text)")
                }
            }
        }
    }

    @Test func theScheduleOfAnotherAssignmentIsRejected() throws {
        let other = try Assignment(problem, .hostOptimal, seed: 4).certificate()
        let json = try JSON.encode(try schedules()[0].schedule)
        #expect(ScheduleChecker.violations(of: json, for: other).map(\.rule) == ["schedule.assignment"])
    }
}
