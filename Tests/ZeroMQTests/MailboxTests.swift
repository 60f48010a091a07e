import Synchronization
import Testing
import ZeroMQ

@Suite(.timeLimit(.minutes(5))) struct MailboxTests {
    @Test func isBounded() throws {
        let mailbox = try Mailbox<Int>(capacity: 2)
        #expect(mailbox.post(1))
        #expect(mailbox.post(2))
        #expect(!mailbox.post(3))
        #expect(mailbox.post(4, evenIfFull: true))
        #expect(mailbox.drain() == [1, 2, 4])
        #expect(mailbox.drain() == [])
        mailbox.close()
        #expect(!mailbox.post(5))
    }

    @Test func wakesThePoll() throws {
        let mailbox = try Mailbox<Int>(capacity: 10)
        var poll = Poll()
        let index = poll.watch(mailbox)
        #expect(try poll.wait(milliseconds: 0) == 0)
        _ = mailbox.post(1)
        #expect(try poll.wait(milliseconds: 1000) == 1)
        let isReady = poll.isReady(index)
        #expect(isReady)
        _ = mailbox.drain()
        #expect(try poll.wait(milliseconds: 0) == 0)
    }

    /// Nothing is written to wake a reactor that is awake; it looks before it waits.
    @Test func anAwakeReactorIsNotWoken() throws {
        let mailbox = try Mailbox<Int>(capacity: 10)
        var poll = Poll()
        _ = poll.watch(mailbox)
        var taken: [Int] = []
        mailbox.drain(into: &taken, staysAwake: true)
        _ = mailbox.post(1)
        #expect(try poll.wait(milliseconds: 0) == 0)
        #expect(!mailbox.mayWait())
        mailbox.drain(into: &taken, staysAwake: true, isSignalled: false)
        #expect(taken == [1])
        #expect(mailbox.mayWait())
        _ = mailbox.post(2)
        #expect(try poll.wait(milliseconds: 1000) == 1)
        mailbox.drain(into: &taken, staysAwake: true)
        mailbox.close()
        #expect(try poll.wait(milliseconds: 1000) == 1)
        #expect(!mailbox.mayWait())
    }

    @Test func losesNothingAmongManyThreads() async throws {
        let mailbox = try Mailbox<Int>(capacity: 100_000)
        let total = Mutex(0)
        let reader = try DedicatedThread(name: "reader") { startup in
            startup.succeeded()
            var poll = Poll()
            _ = poll.watch(mailbox)
            var seen = 0
            while seen < 40_000, (try? poll.wait(milliseconds: 60_000)) == 1 { seen += mailbox.drain().count }
            total.withLock { $0 = seen }
        }
        await withTaskGroup { group in
            for _ in 0..<4 { group.addTask { for value in 0..<10_000 { _ = mailbox.post(value) } } }
        }
        reader.waitUntilEnded()
        #expect(total.withLock { $0 } == 40_000)
    }

    @Test func aFailedStartIsThrown() {
        let failure = ZeroMQError("test", code: 5)
        #expect(throws: failure) { _ = try DedicatedThread(name: "fails") { $0.failed(failure) } }
    }
}
