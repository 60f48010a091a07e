import ArgumentParser

/// `ieum bench retrieval`: the text index over generated profiles, beside SQLite's FTS5 and tantivy on the same terms.
struct BenchRetrieval: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieval",
        abstract: words(
            "텍스트 색인을 SQLite FTS5, tantivy 와 나란히 잰다.", "Measures the text index beside SQLite's FTS5 and tantivy."),
        discussion: words(
            """
            같은 말뭉치와 질의로 색인 속도, 메모리, 시작, 질의, 갱신, 양자화 손실을 잰다. 백만 건은 몇 분 걸린다.
            tantivy 는 파이썬에 있을 때만 잰다: .build/venv/bin/pip install tantivy
            """,
            """
            Indexing, memory, start, queries, updates and the loss of quantisation, over one corpus with one set of
            queries. A million takes some minutes. tantivy where a Python has it: .build/venv/bin/pip install tantivy
            """))

    @Option(help: .init(words("만들어 넣을 프로필 수.", "How many profiles to generate.")))
    var profiles = 1_000_000
    @Option(help: .init(words("FTS5 에 묻는 질의 수 (백만 건이면 하나에 몇 초).", "Queries of FTS5 (some seconds each at a million).")))
    var fts5Queries = 20
    @Flag(help: .init(words("FTS5 와 tantivy 는 재지 않는다.", "Leaves FTS5 and tantivy out.")))
    var alone = false

    @Flag(help: .init(words("보고서를 한 줄의 JSON 으로.", "The report in one line of JSON.")))
    var json = false

    func run() async throws {
        let sizes = ["--profiles", "\(profiles)", "--fts5-queries", "\(fts5Queries)"]
        try MatchingMeasurement.run(["measure-retrieval"] + sizes + (alone ? ["--alone"] : []), json: json)
    }
}
