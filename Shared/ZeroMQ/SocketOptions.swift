import CZeroMQ

extension Socket {
    /// The integer options in use, with the reasons in Gateway and Majordomo where they are set.
    public enum Option: Int32, Sendable {
        case linger = 17
        case reconnectMilliseconds = 18
        case reconnectMaximumMilliseconds = 21
        case sendHighWaterMark = 23
        case receiveHighWaterMark = 24
        case routerMandatory = 33
        case immediate = 39
        case requestCorrelate = 52
        case requestRelaxed = 53
        case handshakeMilliseconds = 66
        case xpublishNoDrop = 69
        case xpublishManual = 71
        case heartbeatMilliseconds = 75
        case heartbeatTimeoutMilliseconds = 77
        case useDescriptor = 89
        case zapEnforceDomain = 93
    }

    public func set(_ option: Option, _ value: Int32) throws(ZeroMQError) {
        unsafe try Self.set(handle, option.rawValue, value)
    }

    /// Bytes a frame may have before libzmq cuts the connection; it is not a limit for a whole message.
    public func set(frameBytesMaximum value: Int64) throws(ZeroMQError) {
        let result = unsafe withUnsafeBytes(of: value) {
            unsafe zmq_setsockopt(handle, ZMQ_MAXMSGSIZE, $0.baseAddress, $0.count)
        }
        if result != 0 { throw .last("zmq_setsockopt ZMQ_MAXMSGSIZE") }
    }

    /// Asks the ZAP handler of this context about every connection. Enforced: without a handler nobody gets in.
    public func set(zapDomain: String) throws(ZeroMQError) {
        try set(ZMQ_ZAP_DOMAIN, Array(zapDomain.utf8), "ZMQ_ZAP_DOMAIN")
        try set(.zapEnforceDomain, 1)
    }

    /// Only for tests: a peer that chooses its own id.
    public func set(routingID: [UInt8]) throws(ZeroMQError) { try set(ZMQ_ROUTING_ID, routingID, "ZMQ_ROUTING_ID") }

    /// On SUB: adds a topic prefix. On XPUB with `xpublishManual`: grants the subscription received last.
    public func subscribe(_ prefix: [UInt8]) throws(ZeroMQError) { try set(ZMQ_SUBSCRIBE, prefix, "ZMQ_SUBSCRIBE") }
    public func unsubscribe(_ prefix: [UInt8]) throws(ZeroMQError) {
        try set(ZMQ_UNSUBSCRIBE, prefix, "ZMQ_UNSUBSCRIBE")
    }

    private func set(_ option: Int32, _ value: [UInt8], _ name: String) throws(ZeroMQError) {
        let result = unsafe value.withUnsafeBytes { unsafe zmq_setsockopt(handle, option, $0.baseAddress, $0.count) }
        if result != 0 { throw .last("zmq_setsockopt \(name)") }
    }

    static func set(_ handle: UnsafeMutableRawPointer, _ option: Int32, _ value: Int32) throws(ZeroMQError) {
        let result = unsafe withUnsafeBytes(of: value) {
            unsafe zmq_setsockopt(handle, option, $0.baseAddress, $0.count)
        }
        if result != 0 { throw .last("zmq_setsockopt \(option)") }
    }
}
