import JSON
import Testing
import Vocabulary

@Suite struct HoldStateTests {
    private let expiry = Instant(milliseconds: 1_000)

    /// Every state, every action, before and from the moment of expiry: 4 × 4 × 2.
    @Test func theWholeTable() {
        typealias Expected = [HoldAction: HoldState]
        let live: [HoldState: Expected] = [
            .held: [.renew: .held, .post: .posted, .void: .voided],
            .posted: [.post: .posted],
            .voided: [.void: .voided, .expire: .voided],
            .expired: [.void: .expired, .expire: .expired],
        ]
        var late = live
        late[.held] = live[.expired]
        var seen = 0
        for (now, table) in [(expiry.adding(milliseconds: -1), live), (expiry, late)] {
            for state in HoldState.allCases {
                for action in HoldAction.allCases {
                    seen += 1
                    let expected = table[state]?[action]
                    do {
                        let result = try state.after(action, expiresAt: expiry, now: now)
                        #expect(result == expected, "\(state) \(action) at \(now)")
                    } catch {
                        #expect(expected == nil, "\(state) \(action) at \(now)")
                        #expect(error.state == state.effective(expiresAt: expiry, now: now))
                        #expect(error.action == action)
                        #expect(!error.message.ko.isEmpty && !error.message.en.isEmpty)
                    }
                }
            }
        }
        #expect(seen == 32)
    }

    @Test func finalStatesNeverChange() {
        for state in HoldState.allCases where state.isFinal {
            for action in HoldAction.allCases {
                for now in [Instant(milliseconds: 0), expiry, Instant(milliseconds: 9_999)] {
                    if let result = try? state.after(action, expiresAt: expiry, now: now) { #expect(result == state) }
                }
            }
        }
    }

    @Test func aHoldStopsCountingTheInstantItExpires() {
        #expect(HoldState.held.effective(expiresAt: expiry, now: expiry.adding(milliseconds: -1)) == .held)
        #expect(HoldState.held.effective(expiresAt: expiry, now: expiry) == .expired)
        #expect(HoldState.posted.effective(expiresAt: expiry, now: expiry) == .posted)
    }
}
