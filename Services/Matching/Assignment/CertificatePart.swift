import JSON
import ServiceKit

/// A piece of a certificate's text: that of many participants is larger than a message may be.
struct CertificatePart: Codable, Sendable {
    struct Ask: Codable, Sendable, Constrained {
        let id: AssignmentEventID
        /// Default: the last.
        let version: Int?
        /// `next` of the part before; default 0.
        let from: Int?
        /// Bytes of one part; default 400,000.
        let length: Int?
        static let constraints: [String: Schema.Constraint] = [
            "version": .range(1...1_000_000), "from": .range(0...1_000_000_000), "length": .range(100...400_000),
        ]
    }

    static let length = 400_000
    /// What fits into one message, in bytes (a message has 1 MiB unless the operator says otherwise).
    static let whole = 700_000

    let digest: String
    /// Of the whole text.
    let bytes: Int
    let text: String
    /// Goes into `from` of the next request; absent at the end.
    let next: Int?

    /// Parts end between characters, so that each is a text of its own.
    init(of whole: String, from: Int, length: Int, digest: String) {
        let all = Array(whole.utf8)
        func boundary(_ place: Int) -> Int {
            var place = min(max(0, place), all.count)
            while place > 0, place < all.count, all[place] & 0xC0 == 0x80 { place -= 1 }
            return place
        }
        let start = boundary(from)
        let end = boundary(start + length)
        self.digest = digest
        bytes = all.count
        text = String(decoding: all[start..<end], as: UTF8.self)
        next = end < all.count ? end : nil
    }

    static func tooLarge(_ bytes: Int) -> Fault {
        Fault.failedPrecondition(
            rule: "event.largeCertificate",
            Bilingual(
                ko: "인증서가 \(bytes)바이트라 한 번에 보낼 수 없습니다. matching.events.certificate로 나누어 읽으세요.",
                en:
                    "The certificate has \(bytes) bytes, too many for one answer. Read it in parts: matching.events.certificate."
            ), data: ["bytes": .integer(Int64(bytes))])
    }
}
