import ArgumentParser
import Foundation
import JSON

/// `ieum exchange`: days, slots and cohorts where places are few, and the certificates of their assignments.
struct ExchangeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchange",
        abstract: words(
            "교류회·상담·기수의 배정과 시간표를 보고 인증서를 검증한다.",
            "Shows assignments and timetables of exchange days, and checks certificates."),
        discussion: words(
            "행사를 열고 배정하기: Docs/assignment.md", "To open and assign an event: Docs/assignment.md"),
        subcommands: [
            ExchangeList.self, ExchangeShow.self, ExchangeExplain.self, ExchangeTimetable.self, ExchangeVerify.self,
        ])
}

struct ExchangeList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: words("행사의 목록.", "Lists the events."))
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            let answer = try await line.call("matching.events.list", ["limit": 50])
            options.show(answer) {
                var table = Table([
                    words("식별자", "ID"), words("상태", "STATE"), words("신청", "APPLICANTS"), words("기관", "HOSTS"),
                    words("제목", "TITLE"),
                ])
                let items = answer["items"]?.array ?? []
                for item in items {
                    table.row([
                        item["id"]?.string ?? "", item["state"]?.string ?? "",
                        item["applicantCount"]?.integer.map(String.init) ?? "",
                        item["hostCount"]?.integer.map(String.init) ?? "",
                        Table.fitted(item["title"]?.string ?? "", 24),
                    ])
                }
                return items.isEmpty ? words("없다.", "None.") : table.text
            }
        }
    }
}

struct ExchangeShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: words("배정 결과. --json 은 인증서.", "Shows an assignment; --json gives its certificate."))
    @Argument(help: .init(words("행사 (evt_…).", "The event (evt_…).")))
    var event: String
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            var text = ""
            var from: Int64? = 0
            while let place = from {
                let part = try await line.call(
                    "matching.events.certificate", ["id": .string(event), "from": .integer(place)],
                    deadline: .seconds(15))
                text += part["text"]?.string ?? ""
                from = part["next"]?.integer
            }
            let certificate = try JSON(parsing: text)
            options.show(certificate) { AssignmentView(certificate: certificate).text }
        }
    }
}

struct ExchangeExplain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: words("한 참가자가 왜 그렇게 배정되었는지.", "Says why one participant has what it has."))
    @Argument(help: .init(words("행사 (evt_…).", "The event (evt_…).")))
    var event: String
    @Argument(help: .init(words("참가자.", "The participant.")))
    var participant: String
    @Flag(help: .init(words("기관 쪽에서 찾는다.", "It is a host.")))
    var host = false
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            let answer = try await line.call(
                "matching.events.explain",
                [
                    "id": .string(event), "side": host ? "hosts" : "applicants", "participant": .string(participant),
                ])
            options.show(answer) {
                (answer["sentences"]?.array ?? []).compactMap { $0[words("ko", "en")]?.string }
                    .map { Table.marked("· ", $0) }.joined(separator: "\n")
            }
        }
    }
}

struct ExchangeTimetable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timetable",
        abstract: words("누가 몇 회차 어느 탁자에서 누구를 만나는지.", "Who meets whom, in which round and at which table."))
    @Argument(help: .init(words("행사 (evt_…).", "The event (evt_…).")))
    var event: String
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            let answer = try await line.call("matching.events.timetable", ["id": .string(event)])
            options.show(answer) { AssignmentView.timetable(answer) }
        }
    }
}

struct ExchangeVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: words(
            "인증서를 검증한다. 맞으면 0, 아니면 1로 끝난다.", "Checks a certificate; ends with 0 when it holds, else with 1."),
        discussion: words(
            "예: ieum exchange show evt_… --json > 배정.json; ieum exchange verify 배정.json",
            "For example: ieum exchange show evt_… --json > certificate.json; ieum exchange verify certificate.json"))
    @Argument(help: .init(words("인증서 파일.", "The certificate's file.")))
    var file: String
    @Option(help: .init(words("이 행사가 간직한 인증서인지도 본다.", "Also whether it is the one that this event keeps.")))
    var event: String?
    @Option(help: .init(words("이 파일의 시간표도 함께 검증한다.", "Also checks the schedule in this file.")))
    var schedule: String?
    @OptionGroup var options: MatchOptions

    func run() async throws {
        for file in [file, schedule].compactMap(\.self) { _ = try Call.parameters("@" + file) }
        var verdict = try MatchingMeasurement.report(["check-certificate", file] + [schedule].compactMap(\.self))
        if let event {
            let kept = try await Line.open { line in
                try await line.call("matching.events.certificate", ["id": .string(event), "length": 100])
            }
            if kept["digest"] != (try Call.parameters("@" + file))["digest"] {
                verdict["isValid"] = false
                verdict["violations"] = .array((verdict["violations"]?.array ?? []) + [Self.other])
                verdict["summary"] = ["ko": "이 행사의 인증서가 아닙니다.", "en": "It is not the certificate of this event."]
            }
        }
        let answer = verdict
        options.show(answer) { AssignmentView.verdict(answer) }
        if answer["isValid"]?.bool != true { throw Finished(status: .refused) }
    }

    private static let other: JSON = [
        "rule": "event.other", "pointer": "/digest",
        "explanation": [
            "ko": "이 행사가 간직한 인증서가 아닙니다", "en": "it is not the certificate that the event keeps",
        ],
    ]
}
