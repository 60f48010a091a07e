import ArgumentParser

/// `ieum bench retrieval`: the text index over generated profiles, beside SQLite's FTS5 on the same terms.
struct BenchRetrieval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieval",
        abstract: words("텍스트 색인을 SQLite FTS5 와 나란히 잰다.", "Measures the text index beside SQLite's FTS5."))

    @Option(help: .init(words("만들어 넣을 프로필 수.", "How many profiles to generate.")))
    var profiles = 1_000_000
    @Flag(help: .init(words("FTS5 는 재지 않는다.", "Leaves FTS5 out.")))
    var alone = false

    @Flag(help: .init(words("보고서를 한 줄의 JSON 으로.", "The report in one line of JSON.")))
    var json = false

    func run() async throws {
        try MatchingMeasurement.run(
            ["measure-retrieval", "--profiles", "\(profiles)"] + (alone ? ["--alone"] : []), json: json)
    }
}
