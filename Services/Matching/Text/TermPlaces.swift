/// Numbers terms in the order in which they are first seen: a hash table of the places in one list, with the next free
/// slot where two meet. Nothing is removed.
struct TermPlaces {
    private(set) var terms: [Term] = []
    /// Place + 1; 0 is free.
    private var slots = [UInt32](repeating: 0, count: 1_024)
    private var shift: UInt64 = 54

    mutating func place(of term: Term) -> Int {
        if terms.count * 2 >= slots.count { grow() }
        var slot = Int((term.bits &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if terms[place] == term { return place }
            slot = (slot + 1) & (slots.count - 1)
        }
        terms.append(term)
        slots[slot] = UInt32(terms.count)
        return terms.count - 1
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 4)
        shift -= 2
        for (place, term) in terms.enumerated() {
            var slot = Int((term.bits &* 0x9E37_79B9_7F4A_7C15) >> shift)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(place + 1)
        }
    }
}
