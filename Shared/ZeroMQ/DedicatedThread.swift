import CZeroMQ
import Glibc
import Synchronization

/// An OS thread with a name. libzmq's sockets and everything that blocks live on such threads, never on Swift's
/// cooperative pool.
public final class DedicatedThread: Sendable {
    private enum Join { case running, joining, joined }

    private let thread: Mutex<pthread_t>
    private let join = Mutex(Join.running)

    /// Tells the creator that the set-up on the new thread is done, or why it failed.
    public struct Startup: Sendable {
        fileprivate let outcome: Mailbox<ZeroMQError?>
        public func succeeded() { _ = outcome.post(nil) }
        public func failed(_ error: ZeroMQError) { _ = outcome.post(error) }
    }

    /// Starts a thread and waits until its body has called `Startup.succeeded` or `.failed`.
    /// - Parameter name: at most 15 bytes are shown by the system.
    /// - Throws: what the body reported; the thread is joined then.
    public init(name: String, _ body: @escaping @Sendable (Startup) -> Void) throws(ZeroMQError) {
        let outcome = try Mailbox<ZeroMQError?>(capacity: 2)
        let start = Start(name: name) {
            body(Startup(outcome: outcome))
            _ = outcome.post(nil)  // a body that ends without a word has not failed; nobody waits for ever
        }
        var thread = pthread_t()
        let argument = unsafe Unmanaged.passRetained(start)
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            unsafe argument.release()
            throw ZeroMQError("pthread_create", code: code, subject: name)
        }
        self.thread = Mutex(thread)
        var waiting = pollfd(fd: outcome.descriptor, events: Int16(POLLIN), revents: 0)
        while unsafe Glibc.poll(&waiting, 1, -1) < 0 && errno == EINTR {}
        if let error = outcome.drain().first ?? nil {
            waitUntilEnded()
            throw error
        }
    }

    deinit {
        // Nobody waited for it: let the system free it when it ends.
        if join.withLock({ $0 == .running }) { thread.withLock { _ = pthread_detach($0) } }
    }

    /// Blocks until the thread has ended; at once when called again or from the thread itself.
    public func waitUntilEnded() {
        let isSelf = thread.withLock { pthread_equal($0, pthread_self()) != 0 }
        let isFirst = join.withLock { state -> Bool in
            guard state == .running, !isSelf else { return false }
            state = .joining
            return true
        }
        guard isFirst else { return }
        let id = thread.withLock { $0 }
        pthread_join(id, nil)
        join.withLock { $0 = .joined }
    }
}

private final class Start: Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    func run() {
        _ = unsafe pthread_setname_np(pthread_self(), String(name.prefix(15)))
        body()
    }
}
