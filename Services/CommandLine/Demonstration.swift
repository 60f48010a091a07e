/// `ieum demo`.
enum Demonstration {
    static func run(_ directories: Directories, json: Bool) async throws {}
}
