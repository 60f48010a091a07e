import ArgumentParser

/// `ieum bench assignment`: 10,000 applicants and 200 hosts, beside PyPI's `matching` where Python has it.
struct BenchAssignment: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assignment",
        abstract: words("배정을 PyPI 의 matching 과 나란히 잰다.", "Measures the assignment beside PyPI's matching."))

    @Flag(help: .init(words("matching 은 재지 않는다.", "Leaves matching out.")))
    var alone = false

    @Flag(help: .init(words("보고서를 한 줄의 JSON 으로.", "The report in one line of JSON.")))
    var json = false

    func run() async throws {
        try MatchingMeasurement.run(["measure-assignment"] + (alone ? ["--alone"] : []), json: json)
    }
}
