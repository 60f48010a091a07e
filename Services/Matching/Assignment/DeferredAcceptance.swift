/// Stable assignment with capacities on both sides (Gale and Shapley 1962; Roth 1984 for responsive preferences).
enum DeferredAcceptance {
    /// The stable assignment that is best for every participant of the proposing side, as one flag a pair.
    ///
    /// Each pair is proposed at most once, and a receiver's worst held place only ever moves up its list: linear in the
    /// length of the lists.
    static func stable(_ market: AssignmentMarket, proposing side: AssignmentSide) -> [Bool] {
        let proposers = market.lists(side)
        let receivers = market.lists(side.other)
        let proposerOf = market.participantOf(side)
        let receiverOf = market.participantOf(side.other)
        // By place in the receivers' lists.
        var isHeld = [Bool](repeating: false, count: market.pairCount)
        var held = [Int](repeating: 0, count: receivers.capacities.count)
        var worst = [Int](repeating: -1, count: receivers.capacities.count)
        var assigned = [Int](repeating: 0, count: proposers.capacities.count)
        var next = proposers.starts
        var waiting = Array((0..<proposers.capacities.count).reversed())
        while let proposer = waiting.popLast() {
            while assigned[proposer] < proposers.capacities[proposer], next[proposer] < proposers.starts[proposer + 1] {
                let pair = proposers.pairs[next[proposer]]
                next[proposer] += 1
                let receiver = receiverOf[pair]
                let place = receivers.places[pair]
                if held[receiver] < receivers.capacities[receiver] {
                    held[receiver] += 1
                    worst[receiver] = max(worst[receiver], place)
                } else if place < worst[receiver] {
                    let dropped = proposerOf[receivers.pairs[worst[receiver]]]
                    isHeld[worst[receiver]] = false
                    assigned[dropped] -= 1
                    waiting.append(dropped)
                    isHeld[place] = true
                    repeat { worst[receiver] -= 1 } while !isHeld[worst[receiver]]
                } else {
                    continue
                }
                isHeld[place] = true
                assigned[proposer] += 1
            }
        }
        return (0..<market.pairCount).map { isHeld[receivers.places[$0]] }
    }
}
