import CZeroMQ
import Glibc
import Synchronization

/// libzmq's I/O thread and the home of its sockets. Every socket keeps it alive, so that it ends after the last one.
@safe
public final class Context: Sendable {
    // zmq_ctx_new(3): "A ØMQ context is thread safe and may be shared among as many application threads as necessary".
    private nonisolated(unsafe) let handle: UnsafeMutableRawPointer

    public init() throws(ZeroMQError) {
        _ = processSettings
        guard let handle = unsafe zmq_ctx_new() else { throw .last("zmq_ctx_new") }
        // A received frame of 33 bytes or more would pin its 8 KiB receive buffer for as long as it is kept.
        if unsafe zmq_ctx_set(handle, Int32(IEUM_ZERO_COPY_RECV), 0) != 0 {
            let error = ZeroMQError.last("zmq_ctx_set ZMQ_ZERO_COPY_RECV")
            _ = unsafe zmq_ctx_term(handle)
            throw error
        }
        unsafe self.handle = handle
    }

    deinit {
        // All sockets are closed: each holds this object. What is left to do is bounded by their linger.
        while unsafe zmq_ctx_term(handle) != 0 && errno == EINTR {}
    }

    /// Only for tests: every call on its sockets fails from now on (ETERM).
    public func shutDown() { _ = unsafe zmq_ctx_shutdown(handle) }

    /// How many files and sockets this process may have open: libzmq aborts when an accept on ipc finds none left.
    public static var descriptorLimit: Int { processSettings.descriptors }

    /// A raw socket. The I/O thread starts with the first one and inherits the signal mask: signals are for the
    /// threads that expect them.
    func makeSocket(_ kind: Int32) throws(ZeroMQError) -> UnsafeMutableRawPointer {
        var all = sigset_t()
        var before = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
        let socket = unsafe zmq_socket(handle, kind)
        let code = zmq_errno()
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        guard let socket = unsafe socket else { throw ZeroMQError("zmq_socket", code: code) }
        return unsafe socket
    }
}

private struct ProcessSettings: Sendable { let descriptors: Int }

/// Done once, before the first context.
private let processSettings: ProcessSettings = {
    // libzmq numbers anonymous peers from rand() and never seeds it: the first id would always be 00 6b8b4567, and a
    // peer that claims the id of another before it is given makes libzmq abort.
    var seed: UInt32 = 0
    unsafe withUnsafeMutableBytes(of: &seed) { _ = unsafe ieum_random($0.baseAddress, $0.count) }
    srand(seed)
    return ProcessSettings(descriptors: Int(clamping: ieum_raise_descriptor_limit()))
}()
