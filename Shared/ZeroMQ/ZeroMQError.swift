import CZeroMQ

/// A call of libzmq or of the operating system that failed: which one, with what code, concerning what.
public struct ZeroMQError: Error, Hashable, Sendable, CustomStringConvertible {
    public let operation: String
    public let code: Int32
    public let subject: String

    public init(_ operation: String, code: Int32, subject: String = "") {
        self.operation = operation
        self.code = code
        self.subject = subject
    }

    /// The error of the call that just failed on this thread.
    static func last(_ operation: String, _ subject: String = "") -> ZeroMQError {
        ZeroMQError(operation, code: zmq_errno(), subject: subject)
    }

    /// The context is being terminated: the thread that sees it shuts down.
    public var isTermination: Bool { code == CZeroMQ.ETERM }

    public var description: String {
        let reason = unsafe String(cString: zmq_strerror(code))
        return "\(operation)\(subject.isEmpty ? "" : " \(subject)"): \(reason)"
    }
}
