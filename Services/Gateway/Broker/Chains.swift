/// Doubly linked lists of small numbers, by the small number of whose list it is: the requests of a client, the idle
/// workers of a service. A member is in one list at most. Putting in and taking out, wherever, cost the same however
/// long a list is.
struct Chains: Sendable {
    private struct Chain: Sendable {
        var first: Int32 = -1
        var last: Int32 = -1
        var count: Int32 = 0
    }

    private struct Link: Sendable {
        var previous: Int32 = -1
        var next: Int32 = -1
    }

    private var chains: [Chain] = []
    private var links: [Link] = []

    func count(_ owner: Int) -> Int { owner < chains.count ? Int(chains[owner].count) : 0 }

    func first(_ owner: Int) -> Int? {
        guard owner < chains.count, chains[owner].first >= 0 else { return nil }
        return Int(chains[owner].first)
    }

    /// All members, in their order.
    func members(_ owner: Int) -> [Int] {
        var members: [Int] = []
        members.reserveCapacity(count(owner))
        var next = owner < chains.count ? chains[owner].first : -1
        while next >= 0 {
            members.append(Int(next))
            next = links[Int(next)].next
        }
        return members
    }

    mutating func append(_ member: Int, to owner: Int) {
        makeRoom(owner, member)
        let last = chains[owner].last
        links[member] = Link(previous: last, next: -1)
        if last >= 0 { links[Int(last)].next = Int32(member) } else { chains[owner].first = Int32(member) }
        chains[owner].last = Int32(member)
        chains[owner].count += 1
    }

    mutating func prepend(_ member: Int, to owner: Int) {
        makeRoom(owner, member)
        let first = chains[owner].first
        links[member] = Link(previous: -1, next: first)
        if first >= 0 { links[Int(first)].previous = Int32(member) } else { chains[owner].last = Int32(member) }
        chains[owner].first = Int32(member)
        chains[owner].count += 1
    }

    /// - Parameter owner: the one in whose list the member is.
    mutating func remove(_ member: Int, from owner: Int) {
        let link = links[member]
        if link.previous >= 0 { links[Int(link.previous)].next = link.next } else { chains[owner].first = link.next }
        if link.next >= 0 { links[Int(link.next)].previous = link.previous } else { chains[owner].last = link.previous }
        chains[owner].count -= 1
    }

    private mutating func makeRoom(_ owner: Int, _ member: Int) {
        while chains.count <= owner { chains.append(Chain()) }
        while links.count <= member { links.append(Link()) }
    }
}
