import Foundation

/// `IEUM_METRICS`: where Prometheus asks, such as `127.0.0.1:9464`. Only addresses of this machine itself: there is
/// neither encryption nor a question who asks.
struct MetricsAddress: Sendable, Hashable {
    let endpoint: String

    struct Refused: Error, CustomStringConvertible {
        let text: String
        var description: String {
            "IEUM_METRICS=\(text): a loopback address with a port is expected, such as 127.0.0.1:9464"
        }
    }

    init(_ text: String) throws(Refused) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = UInt16(parts[1]), port > 0 else { throw Refused(text: text) }
        let host = parts[0] == "localhost" ? "127.0.0.1" : parts[0]
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 4, numbers[0] == "127", numbers.allSatisfy({ UInt8($0) != nil }) else {
            throw Refused(text: text)
        }
        endpoint = "tcp://\(host):\(port)"
    }

    /// Nil when the variable is not set: then there is no port.
    static func of(_ environment: [String: String]) throws(Refused) -> MetricsAddress? {
        guard let text = environment["IEUM_METRICS"], !text.isEmpty else { return nil }
        return try MetricsAddress(text)
    }
}
