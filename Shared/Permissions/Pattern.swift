/// A name, or with `*` at its end every name that begins so: `fund.cases.get`, `fund.*`, `*`.
public struct Pattern: Sendable, Hashable, CustomStringConvertible {
    /// Without the `*`.
    let bytes: [UInt8]
    public let isPrefix: Bool

    public init(_ text: String) {
        isPrefix = text.hasSuffix("*")
        bytes = Array((isPrefix ? text.dropLast() : text[...]).utf8)
    }

    public var description: String { String(decoding: bytes, as: UTF8.self) + (isPrefix ? "*" : "") }

    public func covers(_ name: some Collection<UInt8>) -> Bool {
        isPrefix ? name.starts(with: bytes) : name.elementsEqual(bytes)
    }

    /// Whether every name that begins so is covered, and so the beginning's continuations of any length.
    public func coversAll(beginningWith beginning: some Collection<UInt8>) -> Bool {
        isPrefix && beginning.starts(with: bytes)
    }

    func covers(_ other: Pattern) -> Bool {
        other.isPrefix ? coversAll(beginningWith: other.bytes) : covers(other.bytes)
    }
}

/// What somebody wants to do.
public enum Permission: Sendable, Hashable, CustomStringConvertible {
    /// Being a worker of this name.
    case serve(String)
    /// Calling a method of a service: `fund.cases.get` at the service `fund`, `fund.service.ping` for what every
    /// service has, `echo.*` for everything, also what is no JSON-RPC.
    case call(String)
    /// Hearing every topic that begins so.
    case subscribe(String)

    public enum Kind: String, Sendable, CaseIterable { case serve, call, subscribe }

    public init(_ kind: Kind, _ name: String) {
        switch kind {
        case .serve: self = .serve(name)
        case .call: self = .call(name)
        case .subscribe: self = .subscribe(name)
        }
    }

    /// The permission for a method of a service. A method's own name begins with the service mostly; the others are
    /// named after it, since a message goes where the service's frame says.
    public static func call(_ method: String, of service: String) -> Permission {
        .call(method.hasPrefix(service + ".") ? method : "\(service).\(method)")
    }

    public var kind: Kind {
        switch self {
        case .serve: .serve
        case .call: .call
        case .subscribe: .subscribe
        }
    }

    public var name: String {
        switch self {
        case .serve(let name), .call(let name), .subscribe(let name): name
        }
    }

    /// As `data.permission` of `forbidden` has it.
    public var description: String { "\(kind.rawValue) \(name)" }
}
