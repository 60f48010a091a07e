import Testing
import ZeroMQ

@Suite struct MultipartTests {
    @Test func keepsFramesApart() {
        var message = Multipart("a", "", "bcd")
        message.append(byte: 7)
        #expect(message.count == 4)
        #expect(message.frames == [[97], [], [98, 99, 100], [7]])
        #expect(message.byteCount == 5)
        #expect(message.frame(2, equals: "bcd"))
        #expect(!message.frame(2, equals: "bc"))
        #expect(message.frame(1, equals: ""))
        #expect(message[2].elementsEqual(Array("bcd".utf8)))
    }

    @Test func copiesRangesOfFrames() {
        let source = Multipart((0..<20).map { [UInt8](repeating: UInt8($0), count: $0) })
        var copy = Multipart("head")
        copy.append(3..<17, of: source)
        copy.append(0, of: source)
        #expect(copy.count == 16)
        #expect(copy.frames == [Array("head".utf8)] + source.frames[3..<17] + [[]])
    }

    @Test func comparesByFramesNotByBytes() {
        #expect(Multipart("ab", "c") != Multipart("a", "bc"))
        #expect(Multipart("ab", "c") == Multipart("ab", "c"))
        #expect(Set([Multipart("a"), Multipart("a"), Multipart("a", "")]).count == 2)
    }

    @Test(arguments: [0, 1, 5, 22, 23, 24, 255]) func keysKeepTheirBytes(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
        let key = ByteKey(bytes)
        #expect(key.bytes == bytes)
        #expect(key.count == count)
        #expect(key == Multipart([bytes]).key(0))
        #expect(key != ByteKey(bytes + [0]))
    }
}
