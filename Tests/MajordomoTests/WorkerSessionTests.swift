import Majordomo
import Testing
import ZeroMQ

@Suite struct WorkerSessionTests {
    private static let timing = Timing(
        heartbeat: 1000, expiry: 3000, reconnect: 50, reconnectMaximum: 200, closing: 100)
    private static let ready = Multipart.ready(.v02, service: "echo", announcement: [1])

    private var session = WorkerSession(service: "echo", announcement: [1], timing: timing)

    private static func request(_ token: String) -> Multipart {
        var message = Multipart.workerRequest(.v02, address: ByteKey(token), reservingBytes: 0)
        message.append("json")
        return message
    }

    /// One step of the session and what it wants done.
    private mutating func step(
        _ body: (inout WorkerSession, inout [WorkerSession.Action]) -> Void
    ) -> [WorkerSession.Action] {
        var actions: [WorkerSession.Action] = []
        body(&session, &actions)
        return actions
    }

    private mutating func registered() {
        _ = step { $0.start(now: 0, &$1) }
        _ = step { $0.receive(.heartbeat(.v02), now: 0, &$1) }
    }

    @Test mutating func registersAndSaysSoOnce() {
        #expect(step { $0.start(now: 0, &$1) } == [.open, .send(Self.ready)])
        #expect(!session.isRegistered)
        #expect(step { $0.receive(.heartbeat(.v02), now: 5, &$1) } == [.link(.registered)])
        #expect(step { $0.receive(.heartbeat(.v02), now: 9, &$1) } == [])
        #expect(session.isRegistered)
    }

    @Test mutating func deliversAndAcceptsItsReply() {
        registered()
        let actions = step { $0.receive(Self.request("t1"), now: 10, &$1) }
        guard case .deliver(let work) = actions.first else {
            Issue.record("nothing delivered")
            return
        }
        #expect(work.body == Multipart("json"))
        #expect(work.address.token == ByteKey("t1"))
        #expect(session.accepts(work.address))
        // A new registration: the broker behind it knows nothing of the old address.
        _ = step { $0.disconnected(now: 20, &$1) }
        #expect(!session.accepts(work.address))
        _ = step { $0.tick(now: 80, &$1) }
        _ = step { $0.receive(.heartbeat(.v02), now: 81, &$1) }
        #expect(!session.accepts(work.address))
    }

    @Test mutating func heartbeatsInTime() {
        registered()
        #expect(session.nextTick == 1000)
        #expect(step { $0.tick(now: 999, &$1) } == [])
        #expect(step { $0.tick(now: 1000, &$1) } == [.send(.heartbeat(.v02))])
        #expect(step { $0.tick(now: 1500, &$1) } == [])
    }

    @Test mutating func leavesASilentBrokerAndComesBack() {
        registered()
        for now in stride(from: Int64(500), to: 3000, by: 500) { _ = step { $0.tick(now: now, &$1) } }
        #expect(step { $0.tick(now: 3000, &$1) } == [.close, .link(.unregistered)])
        #expect(step { $0.tick(now: 3049, &$1) } == [])
        #expect(step { $0.tick(now: 3050, &$1) } == [.open, .send(Self.ready)])
    }

    @Test mutating func aLateLoopDoesNotBlameTheBroker() {
        registered()
        #expect(step { $0.tick(now: 60_000, &$1) } == [.send(.heartbeat(.v02))])
        for now in stride(from: Int64(60_100), to: 61_000, by: 100) { _ = step { $0.tick(now: now, &$1) } }
        #expect(step { $0.tick(now: 61_000, &$1) }.contains(.link(.unregistered)))
    }

    @Test mutating func backsOffWhenSentAway() {
        _ = step { $0.start(now: 0, &$1) }
        var waits: [Int64] = []
        var now: Int64 = 0
        for _ in 0..<4 {
            #expect(step { $0.receive(.disconnect(.v02), now: now, &$1) } == [.close, .link(.unregistered)])
            waits.append(session.nextTick - now)
            now = session.nextTick
            #expect(step { $0.tick(now: now, &$1) } == [.open, .send(Self.ready)])
        }
        #expect(waits == [50, 100, 200, 200])
        _ = step { $0.receive(.heartbeat(.v02), now: now, &$1) }
        _ = step { $0.disconnected(now: now, &$1) }
        #expect(session.nextTick == now + 50)
    }

    @Test mutating func drainedItStillAnswers() {
        registered()
        guard case .deliver(let work) = step({ $0.receive(Self.request("t1"), now: 1, &$1) }).first else {
            Issue.record("nothing delivered")
            return
        }
        #expect(step { $0.drain(&$1) } == [.send(.disconnect(.v02))])
        #expect(step { $0.drain(&$1) } == [])
        #expect(session.accepts(work.address))
        #expect(step { $0.disconnected(now: 5, &$1) } == [.close])
        #expect(session.nextTick == .max)
    }

    @Test mutating func ignoresWhatIsNotForAWorker() {
        registered()
        for noise in [
            Multipart(), Multipart("x"), .heartbeat(.v01), Multipart.request(.v02, service: "s", body: [[1]]),
        ] {
            #expect(step { $0.receive(noise, now: 1, &$1) } == [])
        }
    }
}
