import ArgumentParser
import Daejeon
import JSON

/// `ieum import daejeon`: the reference data, through the same methods that everybody calls.
struct ImportDaejeon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daejeon",
        abstract: words(
            "대전의 기관·기술·시설·펀드와 시연용 데이터를 넣는다.", "Loads Daejeon: institutes, technology, sites, funds, demonstration data."
        ),
        discussion: words(
            "여러 번 불러도 한 번만 들어간다. 지어낸 것은 synthetic 으로 표시되어 있다.",
            "Loading it again changes nothing. What is invented is marked synthetic."))

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {
        try await Line.open { line in
            let results = try await Import.daejeon(line, showsProgress: !json)
            if json {
                Terminal.line(JSON.object(.init(uniqueKeysWithValues: results.sorted { $0.key < $1.key })).pretty())
            }
        }
    }
}

extension Import {
    /// Loads everything and says how much of it was invented.
    static func daejeon(_ line: Line, showsProgress: Bool) async throws -> [String: JSON] {
        let calls = Daejeon.load
        var run = SeedRun(line: line)
        if showsProgress, Terminal.isInteractive {
            run.progress = { done, total, alias in
                Terminal.write("\r\u{1B}[K" + words("데이터 \(done)/\(total) \(alias)", "Data \(done)/\(total) \(alias)"))
            }
        }
        let begun = ContinuousClock.now
        try await refuseForeign(calls, line)
        let results = try await run.make(calls)
        guard showsProgress else { return results }
        if Terminal.isInteractive { Terminal.write("\r\u{1B}[K") }
        let spent = Int((ContinuousClock.now - begun) / .milliseconds(1))
        let invented = calls.count(where: \.synthetic)
        Terminal.line(
            words(
                "대전 데이터 \(calls.count)건을 넣었다 (\(spent) ms; 문서의 사실 \(calls.count - invented), 지어낸 것 \(invented)).",
                "Loaded \(calls.count) records of Daejeon (\(spent) ms; \(calls.count - invented) from the documents, "
                    + "\(invented) invented)."))
        return results
    }

    /// Services never forget the keys of an import, so that one of this user's is repeated safely at any time. Data that
    /// are there without those keys were loaded by somebody else, and would be there twice.
    private static func refuseForeign(_ calls: [SeedCall], _ line: Line) async throws {
        guard let first = calls.first(where: { $0.method == "matching.organisations.create" }),
            let name = first.params["nameKo"]
        else { return }
        let use = try await line.call("service.key", ["key": .string(first.idempotencyKey)], service: first.service)
        guard use["usedAt"]?.string == nil else { return }
        let found = try await line.call("matching.organisations.list", ["name": name])
        guard found["items"]?.array?.contains(where: { $0["nameKo"] == name }) == true else { return }
        throw Failure(
            .refused,
            words(
                "대전 데이터가 이미 있다. 다른 사용자가 넣은 것이라 다시 넣으면 둘이 된다. 아무것도 바꾸지 않았다.",
                "The Daejeon data are here already, loaded by another user: again would mean twice. Nothing was changed."
            ),
            next: words(
                "그 데이터를 그대로 쓴다: ieum call matching.organisations.list. 새로 시작하려면 IEUM_DATA 를 다르게 준다.",
                "Use them as they are: ieum call matching.organisations.list. For a fresh start set another IEUM_DATA.")
        )
    }
}
