import Daejeon
import JSON

/// Generated profiles for measurements: the words of the Daejeon data and compounds made of them, with the frequencies
/// of real text (Zipf, slope -0.91 as measured on the source documents), particles, and topics that give each profile
/// something to be about. The same seed gives the same profiles.
struct Corpus {
    /// Words of one profile, drawn evenly.
    static let lengths = 30...60
    static let topicCount = 500

    private let words: [[UInt8]]
    private let cumulative: [Double]
    private let topics: [[Int32]]
    private var random: SplitMix

    init(seed: UInt64 = 1, vocabulary: Int = 60_000) {
        var random = SplitMix(state: seed)
        let known = Self.knownWords()
        let hangul = known.filter { $0.unicodeScalars.count <= 3 && $0.unicodeScalars.allSatisfy(\.isHangul) }
        var words = known
        random.shuffle(&words)
        var seen = Set(known)
        // Korean technical terms are compounds: 질량 + 분석 + 장비.
        while words.count < vocabulary {
            let word = random.pick(hangul) + random.pick(hangul)
            if seen.insert(word).inserted { words.append(word) }
        }
        self.words = words.map { Array($0.utf8) }
        var sum = 0.0
        cumulative = words.indices.map { rank in
            sum += exponential(-0.91 * log1(Double(rank + 1)))
            return sum
        }
        topics = (0..<Self.topicCount).map { _ in
            (0..<60).map { Int32(random.below($0 < 30 ? known.count : words.count)) }
        }
        self.random = random
    }

    /// The next profile's text.
    mutating func profile() -> String { text(words: Self.lengths) }

    /// A need of about a dozen words: 20-60 distinct terms.
    mutating func query() -> String { text(words: 8...18) }

    private mutating func text(words wanted: ClosedRange<Int>) -> String {
        let topic = topics[random.below(topics.count)]
        let count = wanted.lowerBound + random.below(wanted.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 14)
        for place in 0..<count {
            if place > 0 { bytes.append(0x20) }
            let isOfTopic = random.below(10) < 4
            let word = isOfTopic ? Int(topic[random.below(topic.count)]) : zipf()
            bytes.append(contentsOf: words[word])
            if random.below(2) == 0 { bytes.append(contentsOf: Self.particles[random.below(Self.particles.count)]) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func zipf() -> Int {
        let point = random.unit() * (cumulative.last ?? 1)
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] < point { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static let particles = ["을", "를", "의", "에", "이", "가", "은", "는", "으로", "와", "에서", "하는"].map {
        Array($0.utf8)
    }

    private static func knownWords() -> [String] {
        let profiles = Daejeon.demands + Daejeon.offers
        let texts =
            profiles.flatMap { [$0.name.ko, $0.summary.ko, $0.name.en, $0.summary.en] + $0.keywords }
            + Daejeon.details.flatMap { [$0.name.ko, $0.name.en] } + Daejeon.tasks.map(\.name.ko)
            + Daejeon.needs.map(\.name.ko) + Daejeon.analysisTechnologies.map(\.name.ko) + Daejeon.facts.map(\.name.ko)
            + Thesaurus.standard.concepts.flatMap { $0.names.map(\.text) }
        var seen: Set<String> = []
        return texts.flatMap { text in
            text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }.filter { $0.count > 1 && seen.insert($0).inserted }
    }
}

/// A small generator of random numbers that gives the same ones everywhere (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(limit, 1))) }
    mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }
    mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }

    mutating func shuffle<T>(_ list: inout [T]) {
        for place in list.indices.dropFirst() { list.swapAt(place, below(place + 1)) }
    }
}
