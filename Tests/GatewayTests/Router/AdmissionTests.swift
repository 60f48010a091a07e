import Testing
import ZeroMQ

@testable import Gateway

@Suite struct AdmissionTests {
    private let admission = Admission(user: 1000)

    private func request(
        _ address: String, version: String = "1.0", domain: String = "ieum", mechanism: String = "NULL"
    ) -> Multipart {
        Multipart(version, "1", domain, address, "", mechanism)
    }

    @Test func theSameUserIsLetIn() {
        let decision = admission.decide(request("localhost:1000:1000:4242"))
        #expect(decision == Admission.Decision(status: "200", text: "OK", userID: "uid:1000"))
        #expect(admission.reply(to: request("x"), decision) == Multipart("1.0", "1", "200", "OK", "uid:1000", ""))
        #expect(admission.principal("uid:1000").roles.count == 4)
        #expect(admission.principal("uid:0").roles == [])
    }

    @Test(arguments: [
        "localhost:1001:1000:4242", "localhost:0:0:1", "", "localhost", "1000:1000:4242", "localhost:1000:1000:",
        "localhost:x:1000:1", "localhost:1000:1001:1000:1", "127.0.0.1",
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

    @Test func queuesAreBoundedByBytes() throws {
        var backlog = Backlog(limit: 10)
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
