import Majordomo
import Permissions
import ZeroMQ

/// What other threads ask of the reactor.
extension RouterLoop {
    enum Order: Sendable {
        case publish(Multipart)
        case request(Multipart, Principal, from: PeerID)
        case reply(Multipart, by: PeerID)
        case snapshot(@Sendable (RouterSnapshot?) -> Void)
        case drain
        /// A question to the broker, or an order; `unanswered` when the gateway is ending.
        case ask(@Sendable (inout Broker, Moment, inout [Outgoing]) -> Void, unanswered: @Sendable () -> Void)
        case policy(Policy, @Sendable () -> Void)
        case step(HandoverStep, done: @Sendable () -> Void)
    }
}

extension RouterLoop.Order {
    /// The gateway is ending: who asked is told.
    func refuse() {
        switch self {
        case .snapshot(let answer): answer(nil)
        case .ask(_, let unanswered): unanswered()
        case .policy(_, let done): done()
        case .step(_, let done): done()
        default: return
        }
    }
}
