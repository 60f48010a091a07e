import JSON
import ServiceKit
import Testing

@testable import Permissions

/// What a policy says of somebody, case by case.
@Suite struct PolicyTests {
    static let key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
    static let other = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"

    static let accounts = Accounts(
        user: { ["alice": 2001, "owner": 1000][$0] }, group: { ["research": 300][$0] }, groupOf: { _ in 300 })

    static let text = """
        # Who may do what.
        roles:
          partner:
            as: member
            call: [matching.*, fund.funds.get, fund.cases.*]
            subscribe: [ieum.matching.*]
          reader:
            call: [fund.*]
          echo-host:
            as: service
            serve: [echo, lab-*]
            call: ["*"]
            subscribe: ["*"]
        principals:
          - uid: 1001
            roles: [partner]
          - user: alice
            roles: [partner, reader]
          - group: research
            roles: [reader]
          - key: "\(key)"
            name: lab
            roles: [echo-host]
        """

    static func read(_ text: String) throws(PolicyMistakes) -> Policy {
        try PolicyReading.read(text, path: "policy.yaml", owner: 1000, accounts: accounts)
    }

    private static let partner = Credential.process(user: 1001, group: 1)
    private static let alice = Credential.process(user: 2001, group: 1)
    private static let student = Credential.process(user: 5000, group: 300)
    private static let both = Credential.process(user: 1001, group: 300)
    private static let lab = Credential.key(key)

    @Test(arguments: [
        (partner, Permission.call("matching.recommend"), true), (partner, .call("matching.service.ping"), true),
        (partner, .call("matching.*"), true), (partner, .call("fund.funds.get"), true),
        (partner, .call("fund.funds.getall"), false), (partner, .call("fund.funds.create"), false),
        (partner, .call("fund.cases.list"), true), (partner, .call("fund.*"), false),
        (partner, .call("matchingx.recommend"), false), (partner, .call("matching"), false),
        (partner, .serve("echo"), false), (partner, .serve("matching"), false),
        (partner, .subscribe("ieum.matching."), true), (partner, .subscribe("ieum.matching.deal.agreed"), true),
        (partner, .subscribe("ieum.matching"), false), (partner, .subscribe("ieum."), false),
        (partner, .subscribe(""), false), (partner, .subscribe("ieum.fund."), false),
        (alice, .call("fund.funds.create"), true), (alice, .call("matching.recommend"), true),
        (student, .call("fund.cases.list"), true), (student, .call("matching.recommend"), false),
        (student, .subscribe("ieum.fund."), false),
        (both, .call("fund.funds.create"), true), (both, .call("matching.recommend"), true),
        (lab, .serve("echo"), true), (lab, .serve("lab-7"), true), (lab, .serve("echo2"), false),
        (lab, .serve("fund"), false), (lab, .call("anything.at.all"), true), (lab, .subscribe(""), true),
    ])
    func whatIsAllowed(_ who: Credential, _ what: Permission, _ expected: Bool) throws {
        let standing = try #require(try Self.read(Self.text).standing(of: who))
        #expect(standing.allows(what) == expected)
        #expect((standing.grant(what) != nil) == expected)
    }

    @Test(arguments: [
        Credential.process(user: 5000, group: 1), .process(user: 300, group: 1001), .key(other), .key(""),
    ])
    func othersAreNobody(_ who: Credential) throws {
        #expect(try Self.read(Self.text).standing(of: who) == nil)
    }

    @Test(arguments: ["", "# nothing yet\n", "roles: {}\nprincipals: []\n"])
    func withoutEntriesOnlyTheOwnerIsAdmitted(_ text: String) throws {
        let policy = try Self.read(text)
        let owner = try #require(policy.standing(of: .process(user: 1000, group: 7)))
        #expect(owner.isOwner && owner.name == "uid:1000")
        for permission in [Permission.serve("fund"), .call("x.y"), .subscribe("")] {
            #expect(owner.allows(permission))
        }
        #expect(owner.access(toService: "fund".utf8) == .all(.service))
        #expect(policy.standing(of: .process(user: 1001, group: 1000)) == nil)
    }

    @Test func namesAreThoseThatServicesKnow() throws {
        let policy = try Self.read(Self.text)
        #expect(policy.standing(of: Self.partner)?.name == "uid:1001")
        #expect(policy.standing(of: Self.student)?.name == "uid:5000")
        #expect(policy.standing(of: Self.lab)?.name == "key:lab")
    }

    /// A rank goes with the grant: who may only read the fund is no member there for being one elsewhere.
    @Test func theRankIsThatOfTheRoleThatAllows() throws {
        let alice = try #require(try Self.read(Self.text).standing(of: Self.alice))
        #expect(alice.rank(.call("matching.recommend")) == .member)
        #expect(alice.rank(.call("fund.funds.get")) == .member)
        #expect(alice.rank(.call("fund.cases.list")) == .member)
        #expect(alice.rank(.call("fund.funds.create")) == .viewer)
        #expect(alice.rank(.call("fund.*")) == .viewer)
        #expect(alice.rank(.call("talent.people.list")) == nil)
    }

    @Test func aBodyIsReadOnlyWhereTheMethodMatters() throws {
        let policy = try Self.read(Self.text)
        func access(_ who: Credential, _ service: String) -> Standing.Access? {
            policy.standing(of: who)?.access(toService: service.utf8)
        }
        #expect(access(Self.partner, "matching") == .all(.member))
        #expect(access(Self.partner, "fund") == .byMethod)
        #expect(access(Self.partner, "fun") == Standing.Access.none)
        #expect(access(Self.partner, "fund.list") == Standing.Access.none)
        #expect(access(Self.partner, "talent") == Standing.Access.none)
        #expect(access(Self.student, "fund") == .all(.viewer))
        // A member for some methods, a viewer for the others: it depends.
        #expect(access(Self.alice, "fund") == .byMethod)
        #expect(access(Self.lab, "whatever") == .all(.service))
    }

    @Test func aMethodOfAnotherNameBelongsToTheServiceThatIsAsked() {
        #expect(Permission.call("fund.cases.get", of: "fund") == .call("fund.cases.get"))
        #expect(Permission.call("service.ping", of: "fund") == .call("fund.service.ping"))
        #expect(Permission.call("fund.cases.get", of: "matching") == .call("matching.fund.cases.get"))
        #expect(Permission.call("fundx", of: "fund") == .call("fund.fundx"))
        #expect("\(Permission.call("service.ping", of: "fund"))" == "call fund.service.ping")
    }

    @Test(arguments: [Self.partner, Self.lab, .process(user: 0, group: 0)])
    func credentialsAreWrittenAndReadBack(_ credential: Credential) {
        #expect(Credential("\(credential)") == credential)
    }

    @Test(arguments: ["", "uid:1", "uid:1 gid:x", "uid:-1 gid:0", "gid:1 uid:1", "uid:1 gid:1 x", "unknown"])
    func otherTextsAreNoCredentials(_ text: String) { #expect(Credential(text) == nil) }

    @Test func reachIsSaid() throws {
        #expect(try Self.read("reach: everyone").reach == .everyone)
        #expect(try Self.read("reach: {group: research}").reach == .group(300))
        #expect(try Self.read("").reach == .standard)
    }
}
