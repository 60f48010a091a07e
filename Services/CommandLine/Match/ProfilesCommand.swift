import ArgumentParser
import JSON

/// `ieum profiles`: demands and technologies one by one.
struct ProfilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles",
        abstract: words("기술과 수요를 보고, 공개하고, 거둔다.", "Reads, publishes, renews and withdraws technologies and demands."),
        discussion: words(
            "쓰기: ieum call matching.demands.create @수요.json. 한꺼번에: ieum import.",
            "To write one: ieum call matching.demands.create @demand.json. Many: ieum import."),
        subcommands: [
            ProfilesList.self, ProfilesShow.self, ProfilesHistory.self, ProfilesSubmit.self, ProfilesQueue.self,
            ProfilesReview.self, ProfilesPublish.self, ProfilesRenew.self, ProfilesWithdraw.self,
        ])
}

struct ProfilesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: words("기술이나 수요의 목록.", "Lists technologies, or demands."))

    @Flag(help: .init(words("수요를 (없으면 기술을).", "Demands (technologies otherwise).")))
    var demands = false
    @Option(
        help: .init(
            words(
                "상태 (draft, submitted, published, withdrawn …).", "A state (draft, submitted, published, withdrawn …).")
        ))
    var state: String?
    @Option(help: .init(words("기관 (org_…).", "An organisation (org_…).")))
    var organisation: String?
    @Option(help: .init(words("보일 수.", "How many.")))
    var limit: Int64 = 20
    @Option(help: .init(words("이 식별자 다음부터.", "Those after this identifier.")))
    var after: String?
    @OptionGroup var options: MatchOptions

    func run() async throws {
        let side: ProfileSide = demands ? .demands : .technologies
        var request: JSON = ["limit": .integer(limit)]
        request["state"] = state.map(JSON.string)
        request["organisationId"] = organisation.map(JSON.string)
        request["after"] = after.map(JSON.string)
        let parameters = request
        try await Line.open { line in
            let answer = try await line.call("matching.\(side.rawValue).list", parameters)
            options.show(answer) {
                var table = Table([words("식별자", "ID"), words("상태", "STATE"), "TRL", words("제목", "TITLE")])
                let rows = (answer["items"]?.array ?? []).map { item in
                    [
                        item["id"]?.string ?? "", ProfileView.state(item["state"]?.string ?? ""),
                        item["trl"]?.integer.map(String.init) ?? "-", item["title"]?.string ?? "",
                    ]
                }
                let taken = 36 + 2 + (rows.map { Table.width(of: $0[1]) }.max() ?? 5) + 2 + 3 + 2
                for row in rows {
                    table.row(Array(row.dropLast()) + [Table.fitted(row[3], max(20, Table.pageWidth - taken))])
                }
                guard !rows.isEmpty else { return words("없다.", "None.") }
                let next = answer["next"]?.string.map { "\n→ " + words("다음: --after \($0)", "More: --after \($0)") }
                return table.text + (next ?? "")
            }
        }
    }
}

struct ProfilesShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: words("하나를 자세히.", "Shows one in full."))

    @Argument(help: .init(words("식별자나 제목.", "Identifier or title.")))
    var profile: String
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            let found = try await line.profile(profile)
            let answer = try await line.call("matching.\(found.side.rawValue).get", ["id": .string(found.id)])
            let names = await line.organisationNames(Set([answer["organisationId"]?.string].compactMap(\.self)))
            options.show(answer) { ProfileView(json: answer, names: names).text }
        }
    }
}

struct ProfilesHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: words("바뀐 차례.", "Shows every step of one."))

    @Argument(help: .init(words("식별자나 제목.", "Identifier or title.")))
    var profile: String
    @OptionGroup var options: MatchOptions

    func run() async throws {
        try await Line.open { line in
            let found = try await line.profile(profile)
            let answer = try await line.call("matching.\(found.side.rawValue).history", ["id": .string(found.id)])
            options.show(answer) {
                var table = Table([
                    words("때 (UTC)", "WHEN (UTC)"), words("일", "ACTION"), words("상태", "STATE"), words("판", "VERSION"),
                    words("누가", "WHO"),
                    words("까닭", "WHY"),
                ])
                for step in answer["items"]?.array ?? [] {
                    table.row([
                        String((step["at"]?.string ?? "").prefix(16)).replacing("T", with: " "),
                        ProfileView.action(step["action"]?.string ?? ""),
                        ProfileView.state(step["state"]?.string ?? ""),
                        step["version"]?.integer.map(String.init) ?? "", step["principal"]?.string ?? "",
                        step["reason"]?.string ?? "",
                    ])
                }
                return table.text
            }
        }
    }
}
