import ServiceKit
import ZeroMQ

/// Who may connect (RFC 27, ZAP) and what they may do. On ipc the kernel says who calls: libzmq's address is
/// `localhost:<uid>:<gid>:<pid>` from SO_PEERCRED. Only this user is admitted; who that is, decides about everything.
struct Admission: Sendable {
    static let domain = "ieum"
    static let endpoint = "inproc://zeromq.zap.01"

    let user: UInt32

    struct Decision: Sendable, Hashable {
        /// 200 lets in; 400 refuses for good. What may pass, like a full house, is the `Door`'s business: it lets
        /// nobody wait for the end of the time for a handshake.
        let status: String
        let text: String
        let userID: String
    }

    /// - Parameter request: the frames of ZAP: version, request id, domain, address, identity, mechanism, …
    func decide(_ request: Multipart) -> Decision {
        guard request.count >= 6, request.frame(0, equals: "1.0") else {
            return Decision(status: "400", text: "not a ZAP 1.0 request", userID: "")
        }
        guard request.text(2) == Self.domain, request.frame(5, equals: "NULL"), request.count == 6 else {
            return Decision(status: "400", text: "unknown domain or mechanism", userID: "")
        }
        guard let user = Self.user(of: request.text(3)) else {
            return Decision(status: "400", text: "the kernel does not say who calls", userID: "")
        }
        guard user == self.user else { return Decision(status: "400", text: "another user's service", userID: "") }
        return Decision(status: "200", text: "OK", userID: "uid:\(user)")
    }

    func reply(to request: Multipart, _ decision: Decision) -> Multipart {
        var reply = Multipart("1.0")
        if request.count > 1 { reply.append(1, of: request) } else { reply.appendEmptyFrame() }
        for text in [decision.status, decision.text, decision.userID] { reply.append(text) }
        reply.appendEmptyFrame()
        return reply
    }

    /// The principal of a User-Id that `decide` gave. The user who runs Ieum operates it.
    func principal(_ userID: String) -> Principal {
        userID == "uid:\(user)" ? Principal(name: userID, roles: Role.allCases) : .unknown
    }

    /// The last three fields, from the right: what stands before them may itself have colons.
    static func user(of address: String) -> UInt32? {
        let fields = address.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count >= 4, UInt32(fields[fields.count - 1]) != nil, UInt32(fields[fields.count - 2]) != nil else {
            return nil
        }
        return UInt32(fields[fields.count - 3])
    }
}
