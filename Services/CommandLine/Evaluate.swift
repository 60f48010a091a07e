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
            .json 파일은 판정된 쌍의 배열이다: {"id", "demand", "technology", "also_relevant": […]}.
            다른 파일은 문서이며 "(제목) 본문" 줄에서 제목으로 본문을 찾는 문항을 만든다.
            """,
            """
            A .json file is an array of judged pairs: {"id", "demand", "technology", "also_relevant": […]}.
            Any other file is a document, of whose lines "(title) body" the titles are to find their bodies.
            """))

    @Argument(help: .init(words("판정 파일과 문서.", "Judged pairs and documents.")))
    var files: [String]
    @Flag(help: .init(words("문항마다 순위와 이유를 보인다.", "Each query's rank and reasons.")))
    var verbose = false

    @Flag(help: .init(words("보고서를 한 줄의 JSON 으로.", "The report in one line of JSON.")))
    var json = false

    func run() async throws {
        try MatchingMeasurement.run(["evaluate"] + files + (verbose ? ["--verbose"] : []), json: json)
    }
}

/// The matching service's executable, run for a measurement; its progress goes to the same terminal.
enum MatchingMeasurement {
    static func run(_ arguments: [String], json: Bool) throws {
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
        Terminal.line(json ? report.text : report.pretty())
    }
}
