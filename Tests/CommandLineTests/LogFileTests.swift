import Foundation
import Testing

@testable import CommandLine

@Suite struct LogFileTests {
    @Test func rotatesBySizeAndKeepsAFewGenerations() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/fund.log"
        var log = LogFile(path: path, longestBytes: 100)
        for number in 0..<100 { log.append(line: "line \(number)") }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        #expect(names == ["fund.log", "fund.log.1", "fund.log.2", "fund.log.3", "fund.log.4"])
        for name in names {
            let size = try FileManager.default.attributesOfItem(atPath: scratch.path + "/" + name)[.size] as? NSNumber
            #expect((size?.intValue ?? .max) <= 100)
        }
        #expect(LogFile.tail(path, lines: 1) == ["line 99"])
    }

    @Test func aFollowerMissesNothingAcrossARotation() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/fund.log"
        var log = LogFile(path: path, longestBytes: 200)
        var reader = LogReader(name: "fund", path: path)
        var seen: [String] = []
        for number in 0..<60 {
            log.append(line: "line \(number)")
            if number % 5 == 4 { seen += reader.newLines() }
        }
        #expect(seen == (0..<60).map { "line \($0)" })
    }

    @Test func aHalfLineWaitsForItsEnd() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/fund.log"
        var log = LogFile(path: path)
        var reader = LogReader(name: "fund", path: path)
        log.append(Array("ha".utf8))
        #expect(reader.newLines().isEmpty)
        log.append(Array("lf\n".utf8))
        #expect(reader.newLines() == ["half"])
    }
}
