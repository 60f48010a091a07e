import ArgumentParser
import Foundation
import JSON
import ServiceKit

/// `ieum import`: files of one's own, and the data of Daejeon.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("데이터를 넣는다: CSV, JSON Lines, 또는 대전 데이터.", "Imports data: CSV, JSON Lines, or Daejeon."),
        subcommands: [ImportFile.self, ImportDaejeon.self], defaultSubcommand: ImportFile.self)
}

/// What a file has a row for.
enum ImportedKind: String, CaseIterable, ExpressibleByArgument, Sendable {
    case technologies, demands, organisations

    init?(argument: String) {
        switch argument {
        case "기술", "technology", "offers": self = .technologies
        case "수요", "demand", "requests": self = .demands
        case "기관", "organisation": self = .organisations
        default:
            guard let kind = ImportedKind(rawValue: argument) else { return nil }
            self = kind
        }
    }
}

/// `ieum import FILE`: every row once, whatever is killed; what is wrong by row and column.
struct ImportFile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file",
        abstract: words("CSV나 JSON Lines 파일을 넣는다.", "Imports a CSV or JSON Lines file."),
        discussion: words(
            """
            첫 행은 열 이름이다(한국어나 영어). 목록은 칸 안에서 ; 로 나눈다. 중단되어도 같은 명령을 다시 실행하면
            이어서 넣고, 한 행도 두 번 들어가지 않는다. UTF-8이 아니면 CP949로 읽는다.
            예: ieum import --template technologies > 기술.csv
                ieum import 기술.csv --kind technologies --check
                ieum import 기술.csv --kind technologies --errors 오류.csv --rejected 다시.csv
            """,
            """
            The first row names the columns, in Korean or English; items of a list are parted by ; within the cell.
            Run the same command again after an interruption: it goes on, and no row is imported twice. A file that
            is not UTF-8 is read as CP949.
            For example: ieum import --template technologies > tech.csv
                         ieum import tech.csv --kind technologies --check
                         ieum import tech.csv --kind technologies --errors errors.csv --rejected again.csv
            """))

    @Argument(help: .init(words("CSV 또는 JSON Lines 파일.", "A CSV or JSON Lines file.")))
    var file: String?

    @Option(
        help: .init(
            words(
                "행이 무엇인지: technologies, demands, organisations.", "What a row is: technologies, demands, organisations."
            )))
    var kind: ImportedKind?

    @Option(help: .init(words("기관이 적히지 않은 행의 기관 (식별자).", "Whose the rows are that name no organisation (identifier).")))
    var organisation: String?

    @Option(
        help: .init(words("수요조사 (식별자): 행을 그 응답으로 넣는다.", "A demand survey (identifier): rows become answers to it.")))
    var survey: String?

    @Option(help: .init(words("뺄 열, 쉼표로 나눈다.", "Columns to leave out, parted by commas.")))
    var ignore: String?

    @Flag(help: .init(words("넣으면서 공개한다.", "Publishes what is imported.")))
    var publish = false

    @Flag(help: .init(words("넣지 않고 검사만 한다.", "Checks the file and imports nothing.")))
    var check = false

    @Option(help: .init(words("오류 전부를 이 CSV 파일에 쓴다.", "Writes every error to this CSV file."), valueName: "file"))
    var errors: String?

    @Option(
        help: .init(
            words(
                "틀린 행을 그대로 이 CSV 파일에 쓴다: 고쳐서 다시 넣는다.",
                "Writes the wrong rows to this file, to be corrected and imported."), valueName: "file"))
    var rejected: String?

    @Option(help: .init(words("빈 파일의 머리글과 예시 행을 보인다.", "Prints a header and an example row."), valueName: "kind"))
    var template: ImportedKind?

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        if let template {
            try await Line.open { line in try await ImportTemplate.show(template, line, json: json) }
            return
        }
        guard let file else {
            throw CleanExit.helpRequest(Import.self)
        }
        guard let kind else {
            throw Failure(
                .usage, words("행이 무엇인지 알려야 한다.", "Say what a row is."),
                next: "ieum import '\(file)' --kind technologies|demands|organisations")
        }
        let source = try ImportSource.examine(file)
        try rejected.map(source.requireOther)
        var report = try ImportReport(source, errors: errors, isCheck: check)
        let begun = ContinuousClock.now
        let result = try await Line.open { line in
            let upload = ImportUpload(line: line, source: source, plan: plan(kind, source), showsProgress: !json)
            return check ? try await upload.check(&report) : try await upload.run(&report)
        }
        let seconds = (ContinuousClock.now - begun) / .seconds(1)
        if let rejected { try report.writeRejected(to: rejected) }
        try report.close()
        if json {
            Terminal.line(report.json(result, seconds: seconds).pretty())
        } else {
            report.show(result, seconds, self)
        }
        if report.failedRows.isEmpty == false { throw Finished(status: .refused) }
    }

    private func plan(_ kind: ImportedKind, _ source: ImportSource) -> JSON {
        var plan: JSON = ["kind": .string(kind.rawValue)]
        if let header = source.header { plan["columns"] = .array(header.map(JSON.string)) }
        if let ignore {
            plan["ignore"] = .array(
                ignore.split(separator: ",").map { .string($0.trimmingCharacters(in: .whitespaces)) })
        }
        if let organisation { plan["organisationId"] = .string(organisation) }
        if let survey { plan["surveyId"] = .string(survey) }
        if publish { plan["publish"] = true }
        return plan
    }
}
