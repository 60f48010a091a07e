import ArgumentParser
import Foundation
import JSON

/// `ieum dead-letters`: requests that were stored for a service (`titanic.request`) and could not be delivered.
struct DeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: words(
            "전하지 못한 요청을 보고, 다시 시도하고, 지운다.", "Shows, retries and purges requests that could not be delivered."),
        discussion: words(
            """
            titanic.request로 맡긴 요청은 서비스가 여러 번 처리하지 못하거나 너무 오래 없으면 여기에 온다.
            예: ieum dead-letters; ieum dead-letters show ID; ieum dead-letters retry --all
            """,
            """
            A request stored with titanic.request comes here when its service failed it several times or was away too long.
            For example: ieum dead-letters; ieum dead-letters show ID; ieum dead-letters retry --all
            """),
        subcommands: [DeadLettersList.self, DeadLettersShow.self, DeadLettersRetry.self, DeadLettersPurge.self],
        defaultSubcommand: DeadLettersList.self)

    /// The error of one in the reader's language.
    static func why(_ item: JSON) -> String {
        item.at("/error/data/message/\(words("ko", "en"))")?.string ?? item.at("/error/message")?.string ?? ""
    }
}

struct DeadLettersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: words("새것부터 보인다.", "Lists them, newest first."))
    @Option(help: .init(words("이 서비스의 것만.", "Only those of this service.")))
    var service: String?
    @Option(help: .init(words("보일 수 (1–200).", "How many (1 to 200).")))
    var limit: Int64 = 50
    @Option(help: .init(words("앞 쪽의 next.", "The next of the page before.")))
    var after: String?
    @Flag(help: .init(words("대신 아직 기다리는 요청을 보인다.", "Lists those that still wait, instead.")))
    var pending = false
    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        var parameters: JSON = ["limit": .integer(limit)]
        if let service { parameters["service"] = .string(service) }
        if let after { parameters["after"] = .string(after) }
        if pending { parameters["state"] = "waiting" }
        let method = pending ? "gateway.requests.list" : "gateway.deadLetters.list"
        let page = try await Line.open { [parameters] line in try await line.call(method, parameters) }
        if json { return Terminal.line(page.pretty()) }
        let items = page["items"]?.array ?? []
        guard !items.isEmpty else { return Terminal.line(words("없다.", "None.")) }
        var table = Table([
            "ID", words("서비스", "SERVICE"), words("주체", "FROM"), words("시도", "TRIES"), words("맡긴 때", "STORED"),
            words("까닭", "WHY"),
        ])
        for item in items {
            table.row([
                item["id"]?.string ?? "", item["service"]?.string ?? "", item["principal"]?.string ?? "",
                item["attempts"]?.text ?? "", item["storedAt"]?.string ?? "", DeadLetters.why(item),
            ])
        }
        Terminal.line(table.text)
        if let next = page["next"]?.string { Terminal.line(words("더 보려면: --after \(next)", "More: --after \(next)")) }
    }
}

struct DeadLettersShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: words("하나를 내용까지 보인다.", "Shows one, with its frames."))
    @Argument(help: .init(words("식별자 (UUID).", "The UUID.")))
    var id: String
    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        let letter = try await Line.open { line in
            try await line.call("gateway.deadLetters.get", ["id": .string(id)])
        }
        if json { return Terminal.line(letter.pretty()) }
        let request = letter["request"] ?? [:]
        for (name, value) in [
            ("ID", request["id"]), (words("서비스", "service"), request["service"]),
            (words("주체", "from"), request["principal"]), (words("시도", "tries"), request["attempts"]),
            (words("맡긴 때", "stored"), request["storedAt"]), (words("그만둔 때", "given up"), request["finishedAt"]),
            (words("지울 때", "deleted"), request["expiresAt"]),
        ] {
            Terminal.line("\(name): \(value?.string ?? value?.text ?? "")")
        }
        Terminal.line("\(words("까닭", "why")): \(DeadLetters.why(request))")
        for (number, frame) in (letter["body"]?.array ?? []).enumerated() {
            Terminal.line("\(words("프레임", "frame")) \(number): \(frame.string ?? "")")
        }
        Terminal.line(words("다시 시도: ieum dead-letters retry \(id)", "Try it again: ieum dead-letters retry \(id)"))
    }
}

/// Which dead letters a command is about.
struct DeadLetterChoice: ParsableArguments {
    @Argument(help: .init(words("식별자들 (UUID).", "UUIDs.")))
    var ids: [String] = []
    @Flag(help: .init(words("모두.", "All of them.")))
    var all = false
    @Option(help: .init(words("이 서비스의 것.", "Those of this service.")))
    var service: String?
    @Option(
        help: .init(
            words("그만둔 지 이만큼 지난 것 (30s, 15m, 12h, 7d).", "Those given up longer ago than this (30s, 15m, 12h, 7d).")))
    var olderThan: String?
    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func parameters() throws -> JSON {
        guard !ids.isEmpty || all || service != nil || olderThan != nil else {
            throw Failure(
                .usage, words("무엇을 할지 고르지 않았다.", "Nothing was chosen."),
                next: words(
                    "ID를 주거나 --all, --service, --older-than 가운데 하나를 쓴다. 목록: ieum dead-letters",
                    "Give IDs, or one of --all, --service and --older-than. To see them: ieum dead-letters"))
        }
        guard ids.isEmpty || !all else {
            throw Failure(
                .usage, words("ID와 --all을 함께 쓸 수 없다.", "IDs and --all exclude each other."),
                next: words("둘 가운데 하나만 준다.", "Give one of the two."))
        }
        var parameters: JSON = [:]
        if !ids.isEmpty { parameters["ids"] = .array(ids.map(JSON.string)) }
        if all { parameters["all"] = true }
        if let service { parameters["service"] = .string(service) }
        if let olderThan {
            let span = try Duration(olderThan, of: "--older-than")
            parameters["olderThanSeconds"] = .integer(span.components.seconds)
        }
        return parameters
    }
}

struct DeadLettersRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: words("처음 맡긴 것처럼 다시 시도한다.", "Tries them again, as if they had just been stored."))
    @OptionGroup var choice: DeadLetterChoice

    func run() async throws {
        let parameters = try choice.parameters()
        let answer = try await Line.open { line in
            try await line.call("gateway.deadLetters.retry", parameters, deadline: .seconds(60))
        }
        if choice.json { return Terminal.line(answer.pretty()) }
        let count = answer["retried"]?.text ?? "0"
        Terminal.line(words("다시 시도한다: \(count)건", "Tried again: \(count)"))
    }
}

struct DeadLettersPurge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: words("지운다. 되돌릴 수 없다.", "Deletes them. This cannot be undone."))
    @OptionGroup var choice: DeadLetterChoice

    func run() async throws {
        let parameters = try choice.parameters()
        let answer = try await Line.open { line in
            try await line.call("gateway.deadLetters.purge", parameters, deadline: .seconds(60))
        }
        if choice.json { return Terminal.line(answer.pretty()) }
        let count = answer["purged"]?.text ?? "0"
        Terminal.line(words("지웠다: \(count)건", "Deleted: \(count)"))
    }
}
