import ArgumentParser
import Foundation
import JSON

/// `ieum call`: one method, one answer.
struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("메서드 하나를 부른다.", "Calls one method."),
        discussion: words(
            """
            서비스는 메서드 이름의 첫 부분이다. service.* 와 rpc.* 는 --service 로 고른다.
            예: ieum call matching.demands.list '{"limit":3}'
                ieum call fund.funds.create @fund.json --key 2026-11-fund
                ieum call service.stats --service fund
                ieum call gateway.events.stream --all > events.jsonl
            오래 걸리는 일은 얼마나 했는지 보여 주고, Ctrl-C 로 취소한다.
            """,
            """
            The service is the first part of the method's name; choose it with --service for service.* and rpc.*.
            For example: ieum call matching.demands.list '{"limit":3}'
                         ieum call fund.funds.create @fund.json --key 2026-11-fund
                         ieum call service.stats --service fund
                         ieum call gateway.events.stream --all > events.jsonl
            What takes long shows how far it is; Ctrl-C cancels it.
            """))

    @Argument(help: .init(words("메서드.", "The method.")))
    var method: String

    @Argument(help: .init(words("매개변수 JSON, - 는 표준 입력, @파일.", "The parameters as JSON; - for standard input, @file.")))
    var params = "{}"

    @Option(help: .init(words("멱등 키: 같은 키로 다시 불러도 한 번만 바뀐다.", "Idempotency key: repeating it changes nothing again.")))
    var key: String?

    @Option(help: .init(words("기다릴 시간 (250ms, 5s, 2m).", "How long to wait (250ms, 5s, 2m).")))
    var deadline = "5s"

    @Option(help: .init(words("메서드 이름과 다른 서비스.", "A service other than the method's first part.")))
    var service: String?

    @Flag(
        help: .init(
            words(
                "한 줄의 JSON. 오류는 {\"error\": JSON-RPC 오류}.",
                "The JSON in one line; an error as {\"error\": the JSON-RPC error}.")))
    var json = false

    @Flag(
        help: .init(
            words("모든 항목을 한 줄에 하나씩, next 를 따라 끝까지.", "Every item in a line of its own, following next to the end.")))
    var all = false

    func run() async throws {
        let parameters = try Call.parameters(params)
        let span = try Duration(deadline, of: "--deadline")
        let target = try service ?? Call.service(of: method)
        try await Line.open { line in
            guard all else {
                let result = try await line.watch(method, parameters, service: target, key: key, deadline: span)
                return Terminal.line(json ? result.text : result.pretty())
            }
            var page = parameters
            while true {
                let result = try await line.watch(method, page, service: target, key: key, deadline: span)
                guard let items = result["items"]?.array else { return Terminal.line(result.text) }
                for item in items { Terminal.line(item.text) }
                guard let next = result["next"], next != .null else { return }
                page["after"] = next
            }
        }
    }

    private static func service(of method: String) throws(Failure) -> String? {
        guard ["rpc.", "service."].contains(where: method.hasPrefix) else { return nil }
        throw Failure(
            .usage, words("\(method) 은(는) 모든 서비스에 있다.", "Every service has \(method)."),
            next: words("--service 로 하나를 고른다.", "Choose one with --service."))
    }

    /// JSON text, `-` for standard input, `@file`.
    static func parameters(_ text: String) throws(Failure) -> JSON {
        var source = text
        if text == "-" {
            source = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
        } else if text.hasPrefix("@") {
            guard let bytes = FileManager.default.contents(atPath: String(text.dropFirst())) else {
                throw Failure(
                    .usage, words("파일을 읽을 수 없다: \(text.dropFirst())", "Cannot read \(text.dropFirst())"),
                    next: words("경로를 확인한다.", "Check the path."))
            }
            source = String(decoding: bytes, as: UTF8.self)
        }
        do { return try JSON(parsing: source) } catch {
            throw Failure(
                .usage, words("매개변수: \(error.message.ko)", "The parameters: \(error.message.en)"),
                next: words("작은따옴표로 감싼다: '{\"limit\":3}'", "Put them in single quotes: '{\"limit\":3}'"))
        }
    }
}
