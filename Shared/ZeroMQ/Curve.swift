import CZeroMQ

/// A CURVE key of 32 bytes as text: 40 characters of Z85 (RFC 26, RFC 32).
public struct CurveKey: Sendable, Hashable, CustomStringConvertible {
    public static let byteCount = 32
    public static let textCount = 40

    public let description: String

    /// Nil when it is no key in Z85.
    public init?(_ text: String) {
        guard text.utf8.count == Self.textCount else { return nil }
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        let decoded = unsafe bytes.withUnsafeMutableBufferPointer { unsafe zmq_z85_decode($0.baseAddress, text) }
        guard unsafe decoded != nil, let same = CurveKey(bytes), same.description == text else { return nil }
        description = text
    }

    /// The key as ZAP hands it over.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        let bytes = Array(bytes)
        var text = [CChar](repeating: 0, count: Self.textCount + 1)
        let encoded = unsafe text.withUnsafeMutableBufferPointer { text in
            unsafe bytes.withUnsafeBufferPointer { unsafe zmq_z85_encode(text.baseAddress, $0.baseAddress, $0.count) }
        }
        guard unsafe encoded != nil else { return nil }
        description = String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// The two halves of who somebody is: the public key is told to others, the secret one to nobody.
public struct CurvePair: Sendable, Hashable {
    public let publicKey: CurveKey
    public let secretKey: CurveKey

    /// Nil when the keys do not belong together.
    public init?(publicKey: CurveKey, secretKey: CurveKey) {
        guard unsafe Self.text({ unsafe zmq_curve_public($0, secretKey.description) }) == publicKey.description else {
            return nil
        }
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    /// A new pair from the system's random numbers.
    /// - Throws: ENOTSUP when libzmq was built without CURVE.
    public static func new() throws(ZeroMQError) -> CurvePair {
        var secret = [CChar](repeating: 0, count: CurveKey.textCount + 1)
        let publicKey = unsafe text { publicKey in
            unsafe secret.withUnsafeMutableBufferPointer { secret in
                unsafe secret.baseAddress.map { unsafe zmq_curve_keypair(publicKey, $0) } ?? -1
            }
        }
        let secretKey = String(decoding: secret.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let publicKey = publicKey.flatMap({ CurveKey($0) }), let secretKey = CurveKey(secretKey),
            let pair = CurvePair(publicKey: publicKey, secretKey: secretKey)
        else { throw .last("zmq_curve_keypair") }
        return pair
    }

    private static func text(_ fill: (UnsafeMutablePointer<CChar>) -> Int32) -> String? {
        var text = [CChar](repeating: 0, count: CurveKey.textCount + 1)
        let result = unsafe text.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe fill($0) } ?? -1
        }
        return result == 0 ? String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}

/// What a client needs to connect over tcp: its own keys, and the key by which it knows the gateway.
public struct CurveClient: Sendable, Hashable {
    public let keys: CurvePair
    public let server: CurveKey

    public init(keys: CurvePair, server: CurveKey) {
        self.keys = keys
        self.server = server
    }
}

extension Socket {
    /// Connections made from now on are encrypted, and prove who is at either end.
    public func secure(_ client: CurveClient) throws(ZeroMQError) {
        try set(key: client.server, ZMQ_CURVE_SERVERKEY)
        try set(key: client.keys.publicKey, ZMQ_CURVE_PUBLICKEY)
        try set(key: client.keys.secretKey, ZMQ_CURVE_SECRETKEY)
    }

    /// Serves connections of a tcp listener, encrypted and in no other way. A listener keeps the options of the moment
    /// of its bind, so that those bound before and after are not concerned (libzmq 4.3.4, own_t; CurveTests).
    public func bind(_ listener: consuming TCPListener, keys: CurvePair) throws(ZeroMQError) {
        unsafe try Self.set(handle, ZMQ_CURVE_SERVER, 1)
        try set(key: keys.secretKey, ZMQ_CURVE_SECRETKEY)
        let endpoint = "tcp://127.0.0.1:\(listener.port)"
        Door.set(listener.door, of: listener.descriptor)
        try set(.useDescriptor, listener.descriptor)
        if unsafe zmq_bind(handle, endpoint) != 0 { throw .last("bind", endpoint) }
        listener.handOver()
        try set(.useDescriptor, -1)
        unsafe try Self.set(handle, ZMQ_CURVE_SERVER, 0)
    }

    private func set(key: CurveKey, _ option: Int32) throws(ZeroMQError) {
        let text = key.description
        if unsafe zmq_setsockopt(handle, option, text, text.utf8.count + 1) != 0 {
            throw .last("zmq_setsockopt CURVE key")
        }
    }
}

extension CurveKey {
    /// The 32 bytes.
    public var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        unsafe bytes.withUnsafeMutableBufferPointer { _ = unsafe zmq_z85_decode($0.baseAddress, description) }
        return bytes
    }
}
