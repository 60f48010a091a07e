/// Values by small numbers that are given again after removal: a lookup is an array access. What must not be mistaken
/// for its successor carries something of its own to compare (a request's nonce).
///
/// The values here are copied with every lookup: they hold numbers, and at most one reference.
struct Slots<Element> {
    private var elements: [Element?] = []
    private var free: [Int] = []

    var count: Int { elements.count - free.count }
    var isEmpty: Bool { count == 0 }
    /// The numbers in use and not; `self[index]` tells.
    var indices: Range<Int> { elements.indices }

    mutating func insert(_ element: consuming Element) -> Int {
        guard let index = free.popLast() else {
            elements.append(element)
            return elements.count - 1
        }
        elements[index] = element
        return index
    }

    mutating func remove(_ index: Int) {
        guard elements[index] != nil else { return }
        elements[index] = nil
        free.append(index)
    }

    subscript(index: Int) -> Element? {
        get { elements.indices.contains(index) ? elements[index] : nil }
        _modify { yield &elements[index] }
    }
}
