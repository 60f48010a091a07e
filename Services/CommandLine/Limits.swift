import ArgumentParser
import JSON

/// `ieum limits`: the gateway's table of limits, each with the variable that changes it.
struct Limits: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("돌고 있는 게이트웨이의 모든 한계와 바꾸는 법.", "Every limit of the running gateway, and how to change it."))

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        let rows = try await Line.open { line in try await line.call("gateway.limits")["items"]?.array ?? [] }
        if json { return Terminal.line(JSON.array(rows).pretty()) }
        var table = Table([
            words("한계", "LIMIT"), words("값", "VALUE"), words("단위", "UNIT"), words("변수", "VARIABLE"),
            words("뜻", "MEANING"),
        ])
        for row in rows {
            let changed = row["value"] != row["default"]
            let value = row["value"]?.text ?? ""
            table.row([
                row["name"]?.string ?? "", changed ? Terminal.strong(value) : value, row["unit"]?.string ?? "",
                row["variable"]?.string ?? "", row.at(words("/meaning/ko", "/meaning/en"))?.string ?? "",
            ])
        }
        Terminal.line(table.text)
    }
}
