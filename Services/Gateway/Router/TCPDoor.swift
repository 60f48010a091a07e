import Foundation
import ServiceKit
import ZeroMQ

/// The listeners on tcp: requests on one port, events on the next. They do not exist without the server's keys, and
/// nobody gets in without a key that the policy knows.
struct TCPDoor: Sendable, Hashable {
    let host: String
    let port: UInt16
    let keys: CurvePair

    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    /// `IEUM_TCP=tcp://host:port` with the keys of `keyFile`; nil when the variable is not set.
    init?(environment: [String: String], keyFile: String) throws {
        guard let endpoint = environment["IEUM_TCP"], !endpoint.isEmpty else { return nil }
        let rest = endpoint.hasPrefix("tcp://") ? endpoint.dropFirst(6) : ""
        guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]),
            (1...65_534).contains(port), colon > rest.startIndex
        else {
            throw Refused(
                description:
                    "IEUM_TCP=\(endpoint): tcp://HOST:PORT with a port from 1 to 65534 is expected; * is every address")
        }
        do { keys = try CurveFile.read(keyFile).pair } catch {
            throw Refused(description: "\(error); IEUM_TCP needs the gateway's own keys: ieum keys server")
        }
        host = rest[..<colon].trimmingCharacters(in: ["[", "]"])
        self.port = port
    }

    init(host: String, port: UInt16, keys: CurvePair) {
        self.host = host
        self.port = port
        self.keys = keys
    }

    /// Binds both sockets beside their ipc listeners. libzmq takes a listener's mechanism at its bind: NULL there, CURVE
    /// here, and neither answers to the other (CurveTests).
    func open(_ router: borrowing Socket, _ events: borrowing Socket, door: Door) throws(ZeroMQError) {
        try router.bind(try TCPListener(host: host, port: port, door: door), keys: keys)
        try events.bind(try TCPListener(host: host, port: port + 1, door: door), keys: keys)
    }
}
