import JSON
import Majordomo
import ServiceKit
import ZeroMQ

/// The services of RFC 9 (TSP). Each stands behind the broker as a worker of its own, without a socket.
enum TitanicService: String, CaseIterable, Sendable {
    case request = "titanic.request"
    case reply = "titanic.reply"
    case close = "titanic.close"

    /// Its place at the broker.
    var peer: PeerID {
        switch self {
        case .request: .internal(3)
        case .reply: .internal(4)
        case .close: .internal(5)
        }
    }

    init?(peer: PeerID) {
        guard let service = Self.allCases.first(where: { $0.peer == peer }) else { return nil }
        self = service
    }

    /// Where deliveries come from.
    static let client = PeerID.internal(6)
}

/// How store and forward is joined to the broker: what the reactor tells it. Called on the reactor thread, in order:
/// whoever is called hands over and returns.
struct TitanicLine: Sendable {
    /// A request to one of the three services, and who sent it. Bodies are opaque: there is no headers frame.
    let onRequest: @Sendable (TitanicService, ReplyAddress, Principal, _ body: Multipart) -> Void
    /// What came of a delivery: the service's reply, or the broker's own refusal of it.
    let onReply: @Sendable (_ uuid: String, _ body: Multipart, _ isFault: Bool) -> Void
    /// The first worker of a service has come, or its last one is gone.
    let onServed: @Sendable (_ service: String, _ isServed: Bool) -> Void
}

extension Multipart {
    /// A stored request on its way to its service. It is one of MDP 0.1: its envelope comes back with the reply, which
    /// is one message whatever the worker streams, and says whose reply it is although bodies are opaque.
    static func delivery(_ uuid: String, service: String, body: [[UInt8]]) -> Multipart {
        var message = Multipart(
            reservingBytes: 48 + uuid.utf8.count + service.utf8.count + body.reduce(0) { $0 + $1.count })
        message.append(uuid)
        message.append(0..<3, of: .request(.v01, service: service, body: body))
        for frame in body { message.append(frame) }
        return message
    }
}

extension Fault {
    /// RFC 9 has a form of its own: a status first. What is wrong with the request itself stays wrong.
    var titanic: [[UInt8]] { [Array((isRetryable ? "500" : "400").utf8), json.bytes] }
}
