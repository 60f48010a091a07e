import Permissions
import Testing
import ZeroMQ

@testable import Gateway

@Suite struct AdmissionTests {
    private static let key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
    private let admission: Admission

    init() throws {
        let text = """
            roles: {r: {call: [fund.*]}}
            principals:
              - {uid: 1001, roles: [r]}
              - {gid: 300, roles: [r]}
              - {key: "\(Self.key)", name: lab, roles: [r]}
            """
        admission = Admission(policy: try PolicyFile(path: "", owner: 1000).policy(of: text))
    }

    private func request(
        _ address: String, version: String = "1.0", domain: String = "ieum", mechanism: String = "NULL"
    ) -> Multipart {
        Multipart(version, "1", domain, address, "", mechanism)
    }

    @Test func theSameUserIsLetIn() {
        let decision = admission.decide(request("localhost:1000:1000:4242"))
        #expect(decision == Admission.Decision(status: "200", text: "OK", userID: "uid:1000 gid:1000"))
        #expect(
            admission.reply(to: request("x"), decision) == Multipart("1.0", "1", "200", "OK", "uid:1000 gid:1000", ""))
        let principal = admission.principal(decision.userID)
        #expect(principal.name == "uid:1000")
        #expect(principal.roles.count == 4)
        #expect(principal.userID == ByteKey(decision.userID))
        #expect(admission.principal("uid:0 gid:0").roles == [])
        #expect(admission.principal("uid:1000").name == "unknown")
    }

    @Test(arguments: [("localhost:1001:1:9", "uid:1001 gid:1"), ("localhost:5:300:9", "uid:5 gid:300")])
    func whoThePolicyKnowsIsLetIn(address: String, userID: String) {
        #expect(admission.decide(request(address)) == Admission.Decision(status: "200", text: "OK", userID: userID))
        #expect(admission.principal(userID).roles == [])
    }

    @Test func aKeyThatThePolicyKnowsIsLetIn() throws {
        let known = try #require(CurveKey(Self.key))
        var request = request("192.0.2.1", mechanism: "CURVE")
        #expect(admission.decide(request).status == "400")
        request.append(known.bytes)
        #expect(admission.decide(request) == Admission.Decision(status: "200", text: "OK", userID: "key:" + Self.key))
        #expect(admission.principal("key:" + Self.key).name == "key:lab")
        var stranger = self.request("192.0.2.1", mechanism: "CURVE")
        stranger.append(try CurvePair.new().publicKey.bytes)
        #expect(admission.decide(stranger).status == "400")
        var short = self.request("192.0.2.1", mechanism: "CURVE")
        short.append("too short")
        #expect(admission.decide(short).status == "400")
    }

    @Test(arguments: [
        "localhost:1002:1000:4242", "localhost:0:0:1", "192.0.2.1:1000:1000:1", "", "localhost", "1000:1000:4242",
        "localhost:1000:1000:",
        "localhost:x:1000:1", "localhost:1000:1003:1000:1", "127.0.0.1",
    ])
    func othersAreRefused(address: String) {
        let decision = admission.decide(request(address))
        #expect(decision.status == "400")
        #expect(decision.userID == "")
    }

    @Test func whatIsNotOursIsRefused() {
        let good = "localhost:1000:1000:4242"
        for bad in [
            request(good, version: "2.0"), request(good, domain: "other"), request(good, mechanism: "PLAIN"),
            Multipart(), Multipart("1.0"),
        ] {
            #expect(admission.decide(bad).status == "400")
        }
    }

    /// One peer that takes nothing may fill its own queue; many may not fill the memory.
    @Test func allQueuesTogetherAreBounded() throws {
        var limits = Limits()
        (limits.outgoingBytes, limits.outgoingBytesInAll) = (50, 100)
        var backlog = Backlog(limits)
        let message = Multipart([[UInt8](repeating: 1, count: 10)])
        for peer in 0..<50 {
            for _ in 0..<10 { _ = backlog.append(message, for: ByteKey("slow \(peer)")) }
            #expect(backlog.bytes <= 100)
            if peer == 0 { #expect(backlog.bytes == 50) }
        }
        #expect(backlog.bytes > 80)
        _ = try backlog.flush { (_, _) throws(ZeroMQError) in .sent }
        #expect(backlog.bytes == 0)
        let isTaken = backlog.append(message, for: ByteKey("new"))
        #expect(isTaken)
        backlog.forget(ByteKey("new"))
        #expect(backlog.bytes == 0)
    }

    @Test func queuesAreBoundedByBytes() throws {
        var limits = Limits()
        limits.outgoingBytes = 10
        var backlog = Backlog(limits)
        let peer = ByteKey("p")
        #expect(backlog.append(Multipart("12345"), for: peer) == true)
        #expect(backlog.append(Multipart("12345"), for: peer) == true)
        #expect(backlog.append(Multipart("1"), for: peer) == false)
        #expect(backlog.append(Multipart("1"), for: ByteKey("q")) == true)
        var budget = 1
        let gone = try backlog.flush { (_, to) throws(ZeroMQError) in
            if to == ByteKey("q") { return .unreachable }
            budget -= 1
            return budget >= 0 ? .sent : .wouldBlock
        }
        #expect(gone == [Outgoing(peer: .remote(ByteKey("q")), message: Multipart("1"))])
        #expect(backlog.holds(peer))
        #expect(backlog.append(Multipart("12345"), for: peer) == true)
        #expect(backlog.append(Multipart("1"), for: peer) == false)
    }
}
