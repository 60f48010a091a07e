public import JSON
import Logging
public import Vocabulary

/// What a caller may do. The gateway says which roles a principal has; a message never does.
public enum Role: String, Codable, Sendable, CaseIterable {
    case viewer, member, `operator`, service
}

/// What is known of one request beside its parameters.
public struct Call: Sendable {
    public let method: String
    /// Who calls, such as `uid:1000`; set by the gateway from ZAP.
    public let principal: String
    public let roles: Set<Role>
    public let requestId: String
    public let idempotencyKey: String?
    public let deadline: Instant?
    /// W3C Trace Context: of this request's own span when it is traced, as for what it calls.
    public internal(set) var traceparent: String?
    public internal(set) var tracestate: String?
    /// The JSON-RPC id, by which the caller knows what PARTIALs belong to.
    var token = JSON.null
    /// By which this request is cancelled, sends PARTIALs and calls others; nil outside of a service.
    var request: Running.Request?
    /// The service's own; `log` is this with the request in it.
    var logger = Call.silent

    private static let silent = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }

    public init(
        method: String, principal: String, roles: Set<Role>, requestId: String, idempotencyKey: String? = nil,
        deadline: Instant? = nil, traceparent: String? = nil
    ) {
        self.method = method
        self.principal = principal
        self.roles = roles
        self.requestId = requestId
        self.idempotencyKey = idempotencyKey
        self.deadline = deadline
        self.traceparent = traceparent
    }

    /// From the headers frame that the gateway wrote (`Docs/integrators.md`, "Headers").
    ///
    /// - Parameter place: of a request in a batch, whose one idempotency key stands for each of its requests by place.
    init(method: String, headers: JSON, place: Int?) throws(Fault) {
        guard let principal = headers["principal"]?.string else { throw Fault(.unauthenticated) }
        // One that is not understood must not be ignored: its sender relies on it.
        let header = headers["idempotencyKey"]
        let key = header?.string
        if let header, header != .null, !(1...200).contains(key?.unicodeScalars.count ?? 0) {
            throw .invalid(
                "", header,
                Bilingual(
                    ko: "머리글 idempotencyKey는 1자 이상 200자 이하의 문자열이어야 합니다",
                    en: "the header idempotencyKey must be a string of 1 to 200 characters"))
        }
        self.init(
            method: method, principal: principal,
            roles: Set((headers["roles"]?.array ?? []).compactMap { $0.string.flatMap(Role.init) }),
            requestId: headers["requestId"]?.string ?? "",
            idempotencyKey: key.map { key in place.map { "\(key)#\($0)" } ?? key },
            deadline: headers["deadline"]?.integer.map(Instant.init(milliseconds:)),
            traceparent: headers["traceparent"]?.string)
        tracestate = headers["tracestate"]?.string
    }

    /// Operators act for anybody, and so do services: a flow acts for its caller.
    public var actsForOthers: Bool { roles.contains(.operator) || roles.contains(.service) }

    /// To be asked before work begins.
    func mustBeInTime(at now: Instant) throws(Fault) {
        if request?.isCancelled ?? false { throw Fault(.cancelled, data: ["started": false]) }
        guard let deadline, now > deadline else { return }
        throw Fault(.deadlineExceeded, data: ["started": false])
    }

    /// Calls a method of another service, as this service and not as the caller. What is left of the deadline, the
    /// trace and a cancellation of this request go along.
    ///
    /// - Parameter limit: how long to wait at most, when the deadline is further away.
    public func ask(
        _ method: String, _ parameters: JSON = [:], service: String? = nil, key: String? = nil,
        within limit: Duration = Client.standardDeadline
    ) async throws -> JSON {
        guard let request, let client = request.client else {
            throw Fault.noResponders(service: service ?? method)
        }
        let left = deadline.map { Duration.milliseconds($0.milliseconds - request.now.milliseconds) } ?? limit
        guard left > .zero else { throw Fault(.deadlineExceeded, data: ["started": true]) }
        return try await client.call(
            method, parameters, service: service, key: key, deadline: min(left, limit), traceparent: traceparent,
            tracestate: tracestate)
    }
}
