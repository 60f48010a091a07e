import ArgumentParser
import JSON

struct ProfilesSubmit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: words("검토해 달라고 제출한다.", "Submits one to the reviewers."))

    @Argument(help: .init(words("식별자 (초안은 제목으로 찾지 못한다).", "The identifier (a draft is not found by its title).")))
    var profile: String
    @OptionGroup var options: MatchOptions

    func run() async throws { try await ProfileAction.run("submit", profile, [:], options) }
}

struct ProfilesPublish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: words(
            "검토 없이 공개한다(운영자). 이때부터 찾고 추천한다.",
            "Publishes without review (operators): from then on it is found and recommended."))

    @Argument(help: .init(words("식별자 (초안은 제목으로 찾지 못한다).", "The identifier (a draft is not found by its title).")))
    var profile: String
    @Option(help: .init(words("언제까지 (2027-06-30). 없으면 한 해.", "Until when (2027-06-30); a year otherwise.")))
    var until: String?
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await ProfileAction.run("publish", profile, try ProfileAction.validity(until), options)
    }
}

struct ProfilesRenew: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew", abstract: words("유효기간을 늘린다.", "Extends its validity."))

    @Argument(help: .init(words("식별자나 제목.", "Identifier or title.")))
    var profile: String
    @Option(help: .init(words("언제까지 (2027-06-30). 없으면 한 해.", "Until when (2027-06-30); a year otherwise.")))
    var until: String?
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await ProfileAction.run("prolong", profile, try ProfileAction.validity(until), options)
    }
}

struct ProfilesWithdraw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: words("거둔다. 이력은 남는다.", "Withdraws one; its history stays."))

    @Argument(help: .init(words("식별자나 제목.", "Identifier or title.")))
    var profile: String
    @Option(help: .init(words("까닭.", "Why.")))
    var reason: String?
    @OptionGroup var options: MatchOptions

    func run() async throws {
        var parameters: JSON = [:]
        parameters["reason"] = reason.map(JSON.string)
        try await ProfileAction.run("withdraw", profile, parameters, options)
    }
}

enum ProfileAction {
    /// `validUntil` of a day: its last moment in Korea.
    static func validity(_ until: String?) throws(Failure) -> JSON {
        guard let until else { return [:] }
        let parts = until.split(separator: "-")
        guard until.count == 10, parts.count == 3, parts.allSatisfy({ Int($0) != nil }) else {
            throw Failure(
                .usage, words("--until 을 읽을 수 없다: \(until)", "Cannot read --until \(until)"),
                next: words("2027-06-30 처럼 쓴다.", "Write it like 2027-06-30."))
        }
        return ["validUntil": .string("\(until)T14:59:59Z")]
    }

    static func run(_ verb: String, _ profile: String, _ parameters: JSON, _ options: MatchOptions) async throws {
        try await Line.open { line in
            let found = try await line.profile(profile)
            var request = parameters
            request["id"] = .string(found.id)
            let answer = try await line.call("matching.\(found.side.rawValue).\(verb)", request)
            options.show(answer) { said(answer) }
        }
    }

    /// What became of it, in a line.
    static func said(_ profile: JSON) -> String {
        let validity = profile["validUntil"]?.string.map { $0.prefix(10) }
        return Table.marked(
            Terminal.good("✓ "),
            (profile["title"]?.string ?? "") + ": " + ProfileView.state(profile["state"]?.string ?? "")
                + (validity.map { words(" (\($0) 까지)", " (until \($0))") } ?? ""))
    }
}
