import ArgumentParser

/// `ieum limits`.
struct Limits: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: words("모든 한계와 바꾸는 법을 보인다.", "Shows every limit and how to change it."))

    @Flag(help: .init(words("사람 대신 프로그램이 읽을 형식.", "Output for programs.")))
    var json = false

    func run() async throws {}
}
