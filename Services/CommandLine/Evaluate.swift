import ArgumentParser
import Foundation
import JSON

/// `ieum evaluate`: how well needs find what answers them. The text engine lives in the matching service, so its
/// executable does the work and writes the report.
struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("매칭의 품질을 잰다: nDCG@10, recall@10, MRR.", "Measures matching: nDCG@10, recall@10, MRR."),
        discussion: words(
            """
            파일이 없으면 함께 실린 판정 쌍과 대전 자료로 잰다. 조율에 쓰지 않은 heldOut 만 품질로 인용할 수 있다.
            .json 파일은 판정된 쌍의 배열이다: {"id", "demand", "technology", "also_relevant": […]}.
            .jsonl 파일은 한 줄에 한 쌍이다. id 와 also_relevant 는 없어도 된다.
            다른 파일은 문서이며 "(제목) 본문" 줄에서 제목으로 본문을 찾는 문항을 만들고, 제목은 판정 쌍의 오답이 된다.
            """,
            """
            Without files: the judged pairs that come with the program, and the Daejeon data. Only the half that was
            never used in tuning (heldOut) may be quoted as quality.
            A .json file is an array of judged pairs: {"id", "demand", "technology", "also_relevant": […]}.
            A .jsonl file has one pair a line. id and also_relevant may be missing.
            Any other file is a document, of whose lines "(title) body" the titles are to find their bodies; the titles
            stand among the answers of judged pairs too.
            """))

    @Argument(help: .init(words("판정 파일과 문서.", "Judged pairs and documents.")))
    var files: [String] = []
    @Flag(help: .init(words("문항마다 순위, 맞은 낱말, 놓친 까닭을 보인다.", "Each query's rank, what matched, and why it was missed.")))
    var verbose = false
    @Flag(
        help: .init(
            words("제목 대신 문서의 모든 줄을 오답으로 섞는다.", "All lines of the documents stand beside the answers, not only titles."))
    )
    var lines = false
    @Flag(help: .init(words("보고서를 한 줄의 JSON 으로.", "The report in one line of JSON.")))
    var json = false

    func run() async throws {
        let options = (verbose ? ["--verbose"] : []) + (lines ? ["--lines"] : [])
        let report = try MatchingMeasurement.report(["evaluate"] + files + options)
        if json { return Terminal.line(report.text) }
        for set in report.array ?? [] { show(set) }
    }

    private static let rankings = ["bigrams", "concepts", "search", "widened", "alwaysWidened", "recommend"]

    private func show(_ set: JSON) {
        let queries = set["queries"]?.text ?? "", collection = set["collection"]?.text ?? ""
        Terminal.line(
            Terminal.strong(set["set"]?.string ?? "") + " "
                + words("(문항 \(queries), 모음 \(collection))", "(\(queries) queries, collection of \(collection))"))
        let measures = ["mrr10", "ndcg10", "recall10"]
        var table = Table([
            words("방식", "RANKING"), "MRR@10", "nDCG@10", "recall@10", words("MRR@10: 낱글자쌍보다", "MRR@10: OVER BIGRAMS"),
        ])
        for ranking in Self.rankings {
            guard let figures = set[ranking] else { continue }
            table.row(
                [ranking]
                    + measures.map { Self.decimals(figures[$0]) + " " + Self.range(figures["interval95"]?[$0]) }
                    + [Self.range(figures["mrr10MoreThanBigrams"])])
        }
        Terminal.line(table.text)
        if let each = set["each"]?.array { show(each: each) }
        Terminal.line()
    }

    private func show(each: [JSON]) {
        var table = Table([
            words("순위", "RANK"), words("문항", "QUERY"), words("첫째와 그 까닭", "FIRST, AND WHY"), words("답", "ANSWER"),
        ])
        for one in each {
            func shown(_ name: String) -> String {
                guard let text = one[name]?["text"]?.string else { return "" }
                let matched = one[name]?["matched"]?.array?.compactMap(\.string).joined(separator: ", ") ?? ""
                return "\(text.prefix(40)) ← \(matched)"
            }
            let answer = one["why"]?.string.map { "\(one["answer"]?["text"]?.string?.prefix(40) ?? ""): \($0)" }
            table.row([
                one["rank"]?.integer.map { "\($0)" } ?? Terminal.bad("-"), one["demand"]?.string ?? "", shown("first"),
                answer ?? shown("answer"),
            ])
        }
        Terminal.line(table.text)
    }

    private static func range(_ value: JSON?) -> String {
        guard let ends = value?.array, ends.count == 2 else { return "" }
        return "[\(decimals(ends[0])), \(decimals(ends[1]))]"
    }

    private static func decimals(_ value: JSON?) -> String { String(format: "%.3f", value?.double ?? 0) }
}

/// The matching service's executable, run for a measurement; its progress goes to the same terminal.
enum MatchingMeasurement {
    static func run(_ arguments: [String], json: Bool) throws {
        let report = try report(arguments)
        Terminal.line(json ? report.text : report.pretty())
    }

    static func report(_ arguments: [String]) throws -> JSON {
        let process = Process()
        process.executableURL = Executables.own.deletingLastPathComponent().appending(path: "ieum-matching")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let report = try? JSON(parsing: output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        guard process.terminationStatus == 0, let report else {
            throw Failure(
                .unhealthy, words("재지 못했다.", "The measurement failed."),
                next: words("위의 줄이 이유를 말한다.", "The lines above say why."))
        }
        return report
    }
}
