import Logging
import Permissions
import ZeroMQ

extension RouterLoop {
    /// From now on this policy holds: for every request that comes, at once for workers, and for subscribers, who must
    /// connect again.
    mutating func adopt(_ policy: Policy) throws(ZeroMQError) {
        let former = admission.policy
        admission.policy = policy
        forgetPrincipals()
        if policy == former { return }
        let admission = admission
        broker.enforce({ admission.principal($0.userID.description) }, &out)
        try sendAll()
        countConnections()
        sockets.events.endConnections(except: policy.owner)
        Reach.apply(policy.reach, to: directory, log)
    }

    /// At most one line a second of each kind.
    mutating func logRefusals() {
        let forbidden = broker.statistics.forbidden
        if forbidden > forbiddenLogged, let last = broker.statistics.lastForbidden {
            log.warning(
                "requests refused by the policy",
                metadata: [
                    "count": "\(forbidden - forbiddenLogged)", "principal": "\(last.principal)",
                    "permission": "\(last.permission)",
                ])
            forbiddenLogged = forbidden
        }
        let refused = sockets.events.refused.values.reduce(0, +)
        if refused > subscriptionsRefusedLogged, let last = sockets.events.lastRefused {
            log.warning(
                "subscriptions refused",
                metadata: [
                    "count": "\(refused - subscriptionsRefusedLogged)", "reason": "\(last.reason)",
                    "principal": "\(last.principal)", "topic": "\(last.topic)",
                ])
            subscriptionsRefusedLogged = refused
        }
    }
}
