import JSON
import Majordomo
import Permissions
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

/// The policy at the broker: who may serve, who may call what, and as whom a call goes on.
@Suite struct PermitTests {
    private static let text = """
        roles:
          partner: {as: member, call: [matching.*]}
          reader: {call: [fund.funds.get, fund.funds.list, fund.service.*]}
          fundraiser: {as: operator, call: [fund.funds.create]}
          echoer: {serve: [echo], call: [echo.*]}
        principals:
          - {uid: 1001, roles: [partner, reader, fundraiser]}
          - {uid: 1002, roles: [echoer]}
        """

    private static func principal(_ user: UInt32) throws -> Principal {
        let policy = try PolicyFile(path: "", owner: 1000).policy(of: text)
        return Admission(policy: policy).principal("uid:\(user) gid:1")
    }

    /// A broker where `fund`, `matching` and `echo` are served, with headers, and one request of somebody.
    private func ask(_ user: UInt32, _ service: String, _ body: [String]) throws -> (Sent, Stage) {
        var stage = Stage()
        for name in ["fund", "matching", "echo"] { stage.register("worker", name: name) }
        let sent = stage.ask(body, service, as: try Self.principal(user))
        return (try #require(sent.first), stage)
    }

    private func roles(_ sent: Sent) throws -> [String] {
        let headers = try JSON(parsing: try #require(sent.body.dropFirst().first))
        return (headers["roles"]?.array ?? []).compactMap(\.string)
    }

    private static func call(_ method: String) -> String { #"{"jsonrpc":"2.0","id":1,"method":"\#(method)"}"# }

    @Test(arguments: [
        (UInt32(1000), "fund", "fund.funds.create", ["viewer", "member", "operator", "service"]),
        (1001, "matching", "matching.recommend", ["viewer", "member"]),
        (1001, "matching", "service.ping", ["viewer", "member"]),
        (1001, "fund", "fund.funds.get", ["viewer"]), (1001, "fund", "service.ping", ["viewer"]),
        (1001, "fund", "fund.funds.create", ["viewer", "member", "operator"]),
        (1002, "echo", "anything", ["viewer"]),
    ])
    func whatIsAllowedGoesOnWithTheRankOfItsRole(
        _ user: UInt32, _ service: String, _ method: String, _ expected: [String]
    ) throws {
        let (sent, stage) = try ask(user, service, [Self.call(method)])
        #expect(sent.isRequest)
        #expect(try roles(sent) == expected)
        #expect(stage.broker.statistics.forbidden == 0)
    }

    /// Whose requests a gateway that has handed over passes on may do what it may do at the door.
    @Test func theWayThroughAPredecessorLeadsPastNoPolicy() throws {
        var stage = Stage()
        stage.register("worker", name: "fund")
        let client = PeerID.relayed(via: ByteKey("former"), client: ByteKey("c"))
        func handle(_ message: Multipart, as user: UInt32) throws -> [Sent] {
            var out: [Outgoing] = []
            stage.broker.handle(
                message, from: client, principal: try Self.principal(user), now: stage.now, &out)
            return out.map(Sent.init)
        }
        let closing = Multipart.request(.v02, service: "fund", body: [Array(Self.call("fund.funds.close").utf8)])
        #expect(try handle(closing, as: 1001).map { $0.json.at("/error/code") } == [-32002])
        #expect(try handle(closing, as: 4711).map { $0.json.at("/error/code") } == [-32001])
        let reading = Multipart.request(.v02, service: "fund", body: [Array(Self.call("fund.funds.get").utf8)])
        #expect(try roles(try #require(handle(reading, as: 1001).first)) == ["viewer"])
        for service in ["gateway", "fund"] {
            let ready = Multipart.ready(.v02, service: service, announcement: nil)
            #expect(try !handle(ready, as: 1001).isEmpty)
        }
        #expect(stage.drops(.reservedName) == 1 && stage.drops(.forbiddenName) == 1)
        stage.broker.isDraining = true
        #expect(try handle(reading, as: 1001).map { $0.json.at("/error/data/name") } == ["overloaded"])
    }

    @Test(arguments: [
        (UInt32(1001), "fund", call("fund.funds.close"), "call fund.funds.close"),
        (1001, "fund", call("matching.recommend"), "call fund.matching.recommend"),
        (1001, "echo", call("anything"), "call echo.anything"), (1001, "echo", "plain text", "call echo.*"),
        (1001, "fund", "plain text", "call fund.*"), (1001, "nobody", call("nobody.x"), "call nobody.x"),
        (1001, "fund", "[\(call("fund.funds.get")),\(call("fund.funds.close"))]", "call fund.funds.close"),
        (1001, "fund", "[]", "call fund.*"), (1001, "fund", "[1]", "call fund.*"),
        (1001, "fund", #"{"method":"fund.funds.get","method":"fund.funds.close"}"#, "call fund.*"),
        (1001, "fund", #"{"method":"fund.funds.get","m\u0065thod":"fund.funds.close"}"#, "call fund.*"),
        (1001, "fund", #"{"method":"fund.funds.clos\u0065"}"#, "call fund.funds.close"),
        (1001, "fund", #"{"method":"fund.funds.get"} x"#, "call fund.*"),
        (1001, "fund", #"{"method":7}"#, "call fund.*"), (1002, "gateway", call("gateway.stats"), "call gateway.stats"),
    ])
    func theRestIsForbiddenWithItsPermission(
        _ user: UInt32, _ service: String, _ body: String, _ permission: String
    ) throws {
        let (sent, stage) = try ask(user, service, [body])
        #expect(sent.json.at("/error/code") == -32002)
        #expect(sent.json.at("/error/data/permission")?.string == permission)
        #expect(sent.json.at("/error/data/retryable") == false)
        #expect(stage.broker.statistics.forbidden == 1)
        #expect(stage.broker.statistics.refused["forbidden"] == 1)
        #expect(stage.broker.statistics.lastForbidden?.permission == permission)
        #expect(stage.broker.requests.count == 0)
    }

    @Test func whoIsNotKnownIsToldSo() throws {
        let (sent, _) = try ask(1003, "matching", [Self.call("matching.recommend")])
        #expect(sent.json.at("/error/code") == -32001)
    }

    /// The log of events is no way around the permissions by topic.
    @Test(
        arguments: [
            ("gateway.events.read", #"["ieum.fund.*"]"#, nil),
            ("gateway.events.stream", #"["ieum.fund.case.approved"]"#, nil),
            ("gateway.events.read", #"["ieum.fund.", "ieum.talent.*"]"#, "subscribe ieum.talent.*"),
            ("gateway.events.read", #"["ieum."]"#, "subscribe ieum.*"), ("gateway.events.read", "[]", "subscribe *"),
            ("gateway.events.stream", "null", "subscribe *"), ("gateway.stats", "null", nil),
        ] as [(String, String, String?)])
    func theLogIsReadAsItMayBeHeard(_ method: String, _ types: String, _ permission: String?) throws {
        let text = """
            roles: {r: {call: [gateway.*], subscribe: [ieum.fund.*]}}
            principals: [{uid: 1001, roles: [r]}]
            """
        let policy = try PolicyFile(path: "", owner: 1000).policy(of: text)
        var stage = Stage()
        stage.gateway()
        let body = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"types":\#(types)}}"#
        let sent = try #require(
            stage.ask([body], "gateway", as: Admission(policy: policy).principal("uid:1001 gid:1")).first)
        #expect(sent.json.at("/error/data/permission")?.string == permission)
        #expect(sent.isRequest == (permission == nil))
    }

    /// Who may ask may take back what it asked, and only that.
    @Test func aCancellationNeedsNoPermissionOfItsOwn() throws {
        var stage = Stage()
        stage.register("worker", name: "fund")
        let person = try Self.principal(1001)
        _ = stage.ask([Self.call("fund.funds.get")], "fund", as: person)
        let cancel = #"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}"#
        _ = stage.ask([cancel], "fund", as: person)
        #expect(stage.broker.statistics.forbidden == 0)
        _ = stage.ask([cancel], "echo", as: person)
        #expect(stage.broker.statistics.forbidden == 1)
    }

    /// One message, one headers frame: the lowest rank of a batch's requests.
    @Test func aBatchGoesAsTheLowest() throws {
        let batch = "[\(Self.call("fund.funds.create")), \(Self.call("fund.funds.get"))]"
        let (sent, _) = try ask(1001, "fund", [batch])
        #expect(try roles(sent) == ["viewer"])
    }

    /// RFC 8 and 9: whether a name is served is no secret; what is stored for later is asked for like what is not.
    @Test func theGatewaysOwnNamesAreNoWayAround() throws {
        let (mmi, _) = try ask(1002, "mmi.service", ["fund"])
        #expect(mmi.body == ["200"])
        let (stored, _) = try ask(1002, "titanic.request", ["fund", Self.call("fund.funds.get")])
        #expect(stored.body[0] == "400")
        #expect(try JSON(parsing: stored.body[1]).at("/data/permission") == "call fund.funds.get")
        let (inner, _) = try ask(1002, "titanic.request", ["titanic.request", "fund", Self.call("fund.funds.get")])
        #expect(inner.body[0] == "400")
        // Nobody stands behind the name here: the permission was there.
        let (allowed, _) = try ask(1002, "titanic.request", ["echo", "hello"])
        #expect(allowed.body[0] == "500")
        #expect(try JSON(parsing: allowed.body[1]).at("/code") == -32008)
    }

    @Test func aNameIsServedByWhomItIsPermitted() throws {
        var stage = Stage()
        let allowed = stage.ready("echo", as: try Self.principal(1002), from: "w1")
        #expect(try ToWorker(try #require(allowed.first).message, .v02).isHeartbeat)
        for (user, name) in [(UInt32(1002), "fund"), (1001, "echo"), (1003, "echo")] {
            let refused = stage.ready(name, as: try Self.principal(user), from: "w\(user)\(name)")
            #expect(refused.map(\.message) == [Multipart.disconnect(.v02)], "\(user) \(name)")
        }
        #expect(stage.drops(.forbiddenName) == 3)
    }

    @Test func aNarrowerPolicySendsWorkersAway() throws {
        var stage = Stage()
        _ = stage.ready("echo", as: try Self.principal(1002), from: "w1")
        _ = stage.ready("fund", as: Stage.person, from: "w2")
        var out: [Outgoing] = []
        stage.broker.enforce({ $0 }, &out)
        #expect(out.isEmpty)
        let narrow = Admission(policy: Policy(owner: 1000))
        stage.broker.enforce({ $0.name == "uid:1002" ? narrow.principal($0.userID.description) : $0 }, &out)
        #expect(out.map(Sent.init) == [Sent("w1", .disconnect(.v02))])
        #expect(stage.broker.workers.count == 1)
    }
}

extension Stage {
    mutating func register(_ worker: String, name: String) {
        register("\(worker) \(name)", name, announcing: #"{"credit":4}"#)
    }

    mutating func gateway() {
        var out: [Outgoing] = []
        broker.handle(
            .ready(.v02, service: "gateway", announcement: Array(#"{"credit":4}"#.utf8)), from: .internal(1),
            principal: .gateway, now: now, &out)
    }

    mutating func ask(_ body: [String], _ service: String, as principal: Principal) -> [Sent] {
        send(.request(.v02, service: service, body: body.map { Array($0.utf8) }), from: "client", as: principal)
    }

    mutating func ready(_ service: String, as principal: Principal, from name: String) -> [Sent] {
        send(.ready(.v02, service: service, announcement: nil), from: name, as: principal)
    }

    private mutating func send(_ message: Multipart, from name: String, as principal: Principal) -> [Sent] {
        var out: [Outgoing] = []
        broker.handle(message, from: Self.peer(name), principal: principal, now: now, &out)
        return out.map(Sent.init)
    }
}

extension ToWorker {
    fileprivate var isHeartbeat: Bool { if case .heartbeat = self { true } else { false } }
}
