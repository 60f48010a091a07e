/// The executables of one set, in the order of the status table. The gateway stops last: the others answer through it.
struct Roster: Sendable {
    struct Member: Sendable, Hashable {
        /// The name under which it answers messages.
        let name: String
        /// The executable beside this one.
        var executable: String { "ieum-\(name)" }
    }

    let gateway: Member
    let services: [Member]
    var members: [Member] { [gateway] + services }

    /// Five executables. `compose.yaml` starts the same ones; a test keeps both lists equal.
    static let standard = Roster(
        gateway: Member(name: "gateway"),
        services: ["matching", "fund", "talent", "testbed"].map(Member.init(name:)))

    func member(_ name: String) throws(Failure) -> Member {
        if let found = members.first(where: { $0.name == name }) { return found }
        let known = members.map(\.name).joined(separator: ", ")
        throw Failure(
            .usage, words("‘\(name)’(이)라는 서비스는 없다.", "There is no service ‘\(name)’."),
            next: words("다음 가운데 하나를 쓴다: \(known)", "Use one of: \(known)"))
    }
}
