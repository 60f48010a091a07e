import DequeModule
import Logging
import ZeroMQ

/// Events on their way to the subscribers, and what becomes of a subscriber that does not keep up.
///
/// The XPUB takes an event for all of its subscribers or for none (ZMQ_XPUB_NODROP): it never drops one in silence. While
/// it takes none, those who read have time to empty their connections; whoever has bytes left unread after `patience` is
/// cut off and counted. It connects again by itself, sees the gap in `sequence` and reads `gateway.events.read`.
struct Publication {
    enum Step: Equatable {
        case wait
        /// End the connections with unread bytes and say how many they were.
        case cutOff
        /// Nobody is to blame: send it to those that take it.
        case skipTheFull
    }

    /// Milliseconds without progress. Short for a while after a cut: it will be the same one again.
    static let patience: Int64 = 1_000
    static let shortPatience: Int64 = 50
    static let suspicion: Int64 = 60_000
    /// Bytes that wait before the patience ends early.
    static let bytesMaximum = 32 << 20

    struct Counts: Sendable {
        /// Events that no subscriber has been sent yet.
        var waiting = 0
        /// Connections that were cut off.
        var cutOff = 0
        /// Events that some subscribers did not get, and could not be cut off for.
        var skipped = 0
    }

    private var waiting: Deque<Multipart> = []
    private var bytes = 0
    private var blockedSince: Int64?
    private var lastCut: Int64?
    private var foundNobody = false
    private var cutOff = 0
    private var skipped = 0
    private var logged = 0
    private var nextLog: Int64 = 0

    var next: Multipart? { waiting.first }
    var counts: Counts { Counts(waiting: waiting.count, cutOff: cutOff, skipped: skipped) }

    mutating func add(_ event: Multipart) {
        waiting.append(event)
        bytes += event.byteCount
    }

    mutating func wasSent() {
        // What has been sent is let go of at once: events may never cease to wait behind it.
        bytes -= waiting.removeFirst().byteCount
        blockedSince = nil
        foundNobody = false
    }

    /// The XPUB takes nothing: what to do.
    mutating func blocked(at now: Int64) -> Step {
        let since = blockedSince ?? now
        blockedSince = since
        if foundNobody { return .skipTheFull }
        let isSuspicious = lastCut.map { now - $0 < Self.suspicion } ?? false
        let patience = isSuspicious ? Self.shortPatience : Self.patience
        guard now - since >= patience || bytes > Self.bytesMaximum else { return .wait }
        return .cutOff
    }

    mutating func didCutOff(_ connections: Int, at now: Int64) {
        cutOff += connections
        foundNobody = connections == 0
        if connections > 0 { (lastCut, blockedSince) = (now, now) }
    }

    mutating func didSkip() {
        skipped += 1
        wasSent()
    }

    /// How many cuts and skips the log has not told; 0 within a second of the last time.
    mutating func untold(at now: Int64) -> Int {
        guard now >= nextLog, cutOff + skipped > logged else { return 0 }
        defer { (nextLog, logged) = (now + 1_000, cutOff + skipped) }
        return cutOff + skipped - logged
    }
}

extension RouterLoop {
    /// Publishes what waits, as far as subscribers take it.
    mutating func publishEvents() throws(ZeroMQError) {
        try publishWaiting()
        let untold = publication.untold(at: now.monotonic)
        guard untold > 0 else { return }
        log.warning(
            "subscribers of events.sock that did not keep up were cut off",
            metadata: ["count": "\(untold)", "reason": "tooSlow", "all": "\(publication.counts.cutOff)"])
    }

    private mutating func publishWaiting() throws(ZeroMQError) {
        while let event = publication.next {
            if try sockets.events.publish(event) {
                publication.wasSent()
                continue
            }
            switch publication.blocked(at: now.monotonic) {
            case .wait: return
            case .cutOff: publication.didCutOff(sockets.events.cutOffUnread(), at: now.monotonic)
            case .skipTheFull:
                try sockets.events.publishToThoseThatTakeIt(event)
                publication.didSkip()
            }
        }
    }
}

extension EventsSocket {
    /// False when at least one subscriber's queue is full; nobody has got it then.
    func publish(_ message: Multipart) throws(ZeroMQError) -> Bool { try socket.send(message) == .sent }

    /// Subscribers with a full queue do not get it.
    func publishToThoseThatTakeIt(_ message: Multipart) throws(ZeroMQError) {
        try socket.set(.xpublishNoDrop, 0)
        _ = try socket.send(message)
        try socket.set(.xpublishNoDrop, 1)
    }

    /// Ends the connections of those who have not read what was sent to them; returns how many.
    func cutOffUnread() -> Int {
        let slow = connections.filter { unreadBytes(ofConnection: $0) > 0 }
        for descriptor in slow { endConnection(descriptor) }
        return slow.count
    }
}
