import ArgumentParser
import JSON

struct ProfilesQueue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: words("검토를 기다리는 것, 오래된 것부터(운영자).", "What waits for review, oldest first (operators)."))

    @Flag(help: .init(words("수요를 (없으면 기술을).", "Demands (technologies otherwise).")))
    var demands = false
    @OptionGroup var options: MatchOptions

    func run() async throws {
        let side: ProfileSide = demands ? .demands : .technologies
        try await Line.open { line in
            let answer = try await line.call("matching.\(side.rawValue).queue", ["limit": 50])
            options.show(answer) { Reviews.queue(answer) }
        }
    }
}

struct ProfilesReview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: words(
            "네 항목에 점수를 주어 공개, 보완, 반려를 정한다(운영자).", "Scores four categories: publishes, holds or rejects (operators)."),
        discussion: words(
            """
            항목마다 0–5점. 15점부터 좋음, 10점부터 충분(모두 공개), 5–9점은 보완, 0–4점은 반려이고, 0점이 하나라도 있으면 공개하지 않는다.
            3점보다 낮으면 그 항목에 의견이 있어야 한다: --comment clarity='무엇을 찾는지 적어 주세요'
            """,
            """
            0-5 points each. From 10 it is published; 5-9 is on hold, 0-4 rejected, and a single 0 is not published.
            Fewer than 3 points need a comment: --comment clarity='Say what is sought'
            """))

    @Argument(help: .init(words("식별자.", "The identifier.")))
    var profile: String
    @Option(help: .init(words("장점과 혁신성.", "Advantages and innovation.")))
    var advantages: Int64
    @Option(help: .init(words("명확성.", "Clarity.")))
    var clarity: Int64
    @Option(help: .init(words("협력에 거는 기대.", "Cooperation expectations.")))
    var cooperation: Int64
    @Option(help: .init(words("작성 지침과 언어.", "Guidelines and language.")))
    var language: Int64
    @Option(help: .init(words("항목=의견. 여러 번 줄 수 있다.", "CATEGORY=COMMENT. May be repeated.")))
    var comment: [String] = []
    @Option(help: .init(words("전체에 대한 의견.", "A note on the whole.")))
    var note: String?
    @OptionGroup var options: MatchOptions

    func run() async throws {
        let score = try Reviews.score(
            ["advantages": advantages, "clarity": clarity, "cooperation": cooperation, "language": language],
            comments: comment)
        try await Line.open { line in
            let found = try await line.profile(profile)
            let read = try await line.call("matching.\(found.side.rawValue).get", ["id": .string(found.id)])
            var request: JSON = ["id": .string(found.id), "version": read["version"] ?? 1, "score": score]
            request["note"] = note.map(JSON.string)
            let answer = try await line.call("matching.\(found.side.rawValue).review", request)
            options.show(answer) {
                words("점수 ", "Points ") + (answer.at("/review/total")?.integer.map(String.init) ?? "?") + "/20\n"
                    + ProfileAction.said(answer["profile"] ?? .null)
            }
        }
    }
}

enum Reviews {
    static func score(_ points: [String: Int64], comments: [String]) throws(Failure) -> JSON {
        var score = JSON.Members()
        for (category, points) in points.sorted(by: { $0.key < $1.key }) {
            score[category] = ["points": .integer(points)]
        }
        for comment in comments {
            let parts = comment.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, var mark = score[parts[0]] else {
                let names = points.keys.sorted().joined(separator: ", ")
                throw Failure(
                    .usage, words("--comment 를 읽을 수 없다: \(comment)", "Cannot read --comment \(comment)"),
                    next: words("항목=의견. 항목: \(names)", "CATEGORY=COMMENT, the categories: \(names)"))
            }
            mark["comment"] = .string(parts[1])
            score[parts[0]] = mark
        }
        return .object(score)
    }

    static func queue(_ answer: JSON) -> String {
        let items = answer["items"]?.array ?? []
        guard let first = items.first?.at("/profile/id")?.string else { return words("없다.", "None.") }
        var lines: [String] = []
        for item in items {
            lines.append(Table.marked("· ", item.at("/profile/title")?.string ?? ""))
            var facts = [String((item["submittedAt"]?.string ?? "").prefix(10)), item.at("/profile/id")?.string ?? ""]
            if let earlier = item["earlierReviews"]?.integer, earlier > 0 {
                facts.append(words("검토 \(earlier)번", "reviewed \(earlier) times"))
            }
            if let shared = item["sharedPatents"]?.array, !shared.isEmpty {
                facts.append(words("다른 기관도 적은 특허 \(shared.count)건", "\(shared.count) patents others name too"))
            }
            lines.append(Terminal.faint(Table.marked("", facts.joined(separator: " · "), indent: 2)))
        }
        lines.append("→ ieum profiles review \(first) --advantages 4 --clarity 4 --cooperation 4 --language 4")
        return lines.joined(separator: "\n")
    }
}
