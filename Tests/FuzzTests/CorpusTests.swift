import Foundation
import Testing

/// Every input that is kept, among them those that once broke something, again.
@Suite struct CorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

    /// On a thread of its own: a target may block until an answer comes, which a thread of Swift's pool must not.
    private static func run(_ target: FuzzTarget, _ bytes: [UInt8]) async throws {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try target.run(bytes) }) }
        }
    }

    @Test(arguments: FuzzTarget.allCases) func everyInputIsHandled(target: FuzzTarget) async throws {
        let folder = Self.folder.appending(path: target.rawValue)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files.sorted(by: { $0.path < $1.path }) {
            let bytes = Array(try Data(contentsOf: file))
            await #expect(throws: Never.self, "\(target) \(file.lastPathComponent)") {
                try await Self.run(target, bytes)
            }
        }
    }

    /// A quick look beyond the corpus: each input with something changed, the same every time.
    @Test(arguments: FuzzTarget.allCases) func andWhatIsNearIt(target: FuzzTarget) async throws {
        let folder = Self.folder.appending(path: target.rawValue)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        var state: UInt64 = 1
        func number(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for file in files.sorted(by: { $0.path < $1.path }).prefix(40) {
            let whole = Array(try Data(contentsOf: file))
            for _ in 0..<10 where !whole.isEmpty {
                var bytes = whole
                switch number(below: 3) {
                case 0: bytes[number(below: bytes.count)] ^= UInt8(1 << number(below: 8))
                case 1: bytes.remove(at: number(below: bytes.count))
                default: bytes.insert(UInt8(number(below: 256)), at: number(below: bytes.count))
                }
                let input = bytes
                await #expect(throws: Never.self, "\(target) \(bytes)") { try await Self.run(target, input) }
            }
        }
    }
}
