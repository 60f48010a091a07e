/// Times by small numbers, the earliest first: a binary heap that knows where each number stands, so that what ended
/// before its time is taken out at once instead of piling up.
struct Deadlines: Sendable {
    private struct Entry: Sendable {
        var time: Int64
        var number: Int32
    }

    private var heap: [Entry] = []
    /// Where a number stands in the heap; -1 when it does not.
    private var places: [Int32] = []

    var count: Int { heap.count }
    /// The earliest time.
    var next: Int64? { heap.first?.time }

    func time(of number: Int) -> Int64? {
        guard number < places.count, places[number] >= 0 else { return nil }
        return heap[Int(places[number])].time
    }

    mutating func set(_ number: Int, to time: Int64) {
        while places.count <= number { places.append(-1) }
        let entry = Entry(time: time, number: Int32(number))
        guard places[number] >= 0 else {
            heap.append(entry)
            return rise(from: heap.count - 1)
        }
        let place = Int(places[number])
        let isEarlier = time < heap[place].time
        heap[place] = entry
        if isEarlier { rise(from: place) } else { sink(from: place) }
    }

    mutating func remove(_ number: Int) {
        guard number < places.count, places[number] >= 0 else { return }
        let place = Int(places[number])
        places[number] = -1
        let last = heap.removeLast()
        guard place < heap.count else { return }
        let isEarlier = last.time < heap[place].time
        heap[place] = last
        if isEarlier { rise(from: place) } else { sink(from: place) }
    }

    /// Takes out one whose time has come.
    mutating func popDue(_ now: Int64) -> Int? {
        guard let first = heap.first, first.time <= now else { return nil }
        remove(Int(first.number))
        return Int(first.number)
    }

    private mutating func rise(from start: Int) {
        let entry = heap[start]
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard entry.time < heap[parent].time else { break }
            put(heap[parent], at: place)
            place = parent
        }
        put(entry, at: place)
    }

    private mutating func sink(from start: Int) {
        let entry = heap[start]
        var place = start
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].time < heap[child].time { child += 1 }
            guard heap[child].time < entry.time else { break }
            put(heap[child], at: place)
            place = child
        }
        put(entry, at: place)
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        heap[place] = entry
        places[Int(entry.number)] = Int32(place)
    }
}
