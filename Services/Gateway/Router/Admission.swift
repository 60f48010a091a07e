import Permissions
import ServiceKit
import ZeroMQ

/// Who may connect (RFC 27, ZAP). On ipc the kernel says who calls: libzmq's address is `localhost:<uid>:<gid>:<pid>`
/// from SO_PEERCRED, with the primary group and no other. On tcp a CURVE key does, which libzmq has checked. Who the
/// policy knows is admitted; what it may do then is asked for each message.
struct Admission: Sendable {
    static let domain = "ieum"
    static let endpoint = "inproc://zeromq.zap.01"

    var policy: Policy

    struct Decision: Sendable, Hashable {
        /// 200 lets in; 400 refuses for good. What may pass, like a full house, is the `Door`'s business: it lets
        /// nobody wait for the end of the time for a handshake.
        let status: String
        let text: String
        /// The credential, for as long as the connection lasts.
        var userID = ""
    }

    /// - Parameter request: the frames of ZAP: version, request id, domain, address, identity, mechanism, credentials.
    func decide(_ request: Multipart) -> Decision {
        guard request.count >= 6, request.frame(0, equals: "1.0") else {
            return Decision(status: "400", text: "not a ZAP 1.0 request")
        }
        guard request.text(2) == Self.domain else { return Decision(status: "400", text: "unknown domain") }
        guard let credential = Self.credential(of: request) else {
            return Decision(status: "400", text: "neither the kernel nor a key says who calls")
        }
        guard policy.standing(of: credential) != nil else {
            return Decision(status: "400", text: "not in the policy: \(credential)")
        }
        return Decision(status: "200", text: "OK", userID: "\(credential)")
    }

    func reply(to request: Multipart, _ decision: Decision) -> Multipart {
        var reply = Multipart("1.0")
        if request.count > 1 { reply.append(1, of: request) } else { reply.appendEmptyFrame() }
        for text in [decision.status, decision.text, decision.userID] { reply.append(text) }
        reply.appendEmptyFrame()
        return reply
    }

    /// The principal of a User-Id that `decide` gave, by the policy of now.
    func principal(_ userID: String) -> Principal {
        guard let credential = Credential(userID), let standing = policy.standing(of: credential) else {
            return .unknown
        }
        return Principal(credential, standing)
    }

    private static func credential(of request: Multipart) -> Credential? {
        switch request.text(5) {
        case "NULL" where request.count == 6: process(of: request.text(3))
        case "CURVE" where request.count == 7: CurveKey(request[6]).map { .key($0.description) }
        default: nil
        }
    }

    /// The last three fields, from the right: what stands before them may itself have colons.
    private static func process(of address: String) -> Credential? {
        let fields = address.split(separator: ":", omittingEmptySubsequences: false).suffix(3).map { UInt32($0) }
        guard address.hasPrefix("localhost:"), fields.count == 3, let user = fields[0], let group = fields[1],
            fields[2] != nil
        else { return nil }
        return .process(user: user, group: group)
    }
}
