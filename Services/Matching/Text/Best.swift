/// Keeps the highest of many: a heap whose root is the lowest kept, and the threshold for the next.
struct Best {
    private var heap: [(score: UInt16, value: Int)] = []
    private let limit: Int
    /// A score must be above this to get in.
    private(set) var threshold: UInt16 = 0

    init(count: Int) {
        limit = max(1, count)
        heap.reserveCapacity(min(limit, 4_096))
    }

    var descending: [Int] { heap.sorted { ($1.score, $0.value) < ($0.score, $1.value) }.map(\.value) }

    mutating func insert(_ score: UInt16, _ value: Int) {
        if heap.count < limit {
            heap.append((score, value))
            var child = heap.count - 1
            while child > 0, heap[child].score < heap[(child - 1) / 2].score {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        } else if score > heap[0].score {
            heap[0] = (score, value)
            sink()
        }
        if heap.count == limit { threshold = heap[0].score }
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1].score < heap[child].score { child += 1 }
            guard heap[child].score < heap[parent].score else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
