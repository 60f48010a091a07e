import JSON
import ServiceKit
import Storage
import Vocabulary
import ZeroMQ

/// A request that is kept until its service has answered it, with whose it is: the reply is for nobody else.
struct StoredRequest: Sendable, Equatable {
    enum State: String, Codable, Sendable, CaseIterable, SQLValue {
        /// For its service, or for its next attempt.
        case waiting
        /// Handed to the broker.
        case sent
        /// Its reply is kept until the client closes it.
        case answered
        /// Given up; an operator retries or purges it.
        case dead
    }

    /// 32 hexadecimal digits (RFC 9), from 128 random bits.
    let uuid: String
    let service: String
    let principal: String
    let roles: [Role]
    /// As it goes to the worker; what they mean is not looked at, except for the headers of the second frame.
    let body: [[UInt8]]
    let storedAt: Instant
    /// The client's own, from its headers.
    let deadline: Instant?

    var byteCount: Int { body.reduce(0) { $0 + $1.count } }

    static func newUUID() -> String {
        RandomWords.fromSystem(2).map { word in
            let digits = String(word, radix: 16, uppercase: true)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// The headers frame, when the second frame is one.
    static func headers(in body: [[UInt8]]) -> JSON? {
        guard body.count > 1, body[1].first == UInt8(ascii: "{"), let json = try? JSON(parsing: body[1]) else {
            return nil
        }
        return json
    }
}

/// One attempt at handing a stored request to its service.
struct Delivery: Sendable, Equatable {
    let uuid: String
    let service: String
    let principal: String
    let roles: [Role]
    let body: [[UInt8]]
    /// This one counted.
    let attempts: Int
    let deadline: Instant?
    /// After this it is given up.
    let expiresAt: Instant

    var sender: Principal { Principal(name: principal, roles: roles) }
}

/// What a write did to how much is kept, and for whom.
struct Change: Sendable, Equatable {
    let principal: String
    let service: String
    var requests = 0
    var bytes = 0
    /// Requests that their service still has to answer.
    var unfinished = 0
}

/// Frames in one value: each with its length before it, in four bytes.
enum Frames {
    static func pack(_ frames: [[UInt8]]) -> [UInt8] {
        var packed: [UInt8] = []
        packed.reserveCapacity(frames.reduce(0) { $0 + $1.count + 4 })
        for frame in frames {
            for shift in [24, 16, 8, 0] { packed.append(UInt8(truncatingIfNeeded: frame.count >> shift)) }
            packed.append(contentsOf: frame)
        }
        return packed
    }

    static func unpack(_ packed: [UInt8]) -> [[UInt8]] {
        var frames: [[UInt8]] = []
        var start = 0
        while start + 4 <= packed.count {
            let count = packed[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = min(start + 4 + count, packed.count)
            frames.append(Array(packed[start + 4..<end]))
            start = end
        }
        return frames
    }
}
