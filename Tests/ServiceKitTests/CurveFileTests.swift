import Foundation
import Testing
import ZeroMQ

@testable import ServiceKit

@Suite struct CurveFileTests {
    private let path = "/tmp/ieum-curve-\(UInt32.random(in: 0 ... .max)).key"

    @Test func whatIsWrittenIsReadByItsOwnerAlone() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let pair = try CurvePair.new()
        try CurveFile.write(pair, name: "lab", to: path)
        #expect(try CurveFile.read(path).pair == pair)
        #expect(try CurveFile.read(path).name == "lab")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        // A key is never overwritten, and one that others can read is no secret.
        #expect(throws: CurveFile.Refused.self) { try CurveFile.write(.new(), name: "lab", to: path) }
        #expect(try CurveFile.read(path).pair == pair)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: CurveFile.Refused.self) { try CurveFile.read(path) }
    }

    @Test func halvesOfDifferentPairsAreNoPair() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (one, other) = (try CurvePair.new(), try CurvePair.new())
        let text = "curve\n public-key = \"\(one.publicKey)\"\n secret-key = \"\(other.secretKey)\"\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(throws: CurveFile.Refused.self) { try CurveFile.read(path) }
        #expect(throws: CurveFile.Refused.self) { try CurveFile.read(path + ".none") }
    }

    @Test func anotherMachinesGatewayHasItsEventsOnTheNextPort() throws {
        let far = Configuration(environment: ["IEUM_RUN": "/r", "IEUM_GATEWAY": "tcp://10.0.0.1:7070"])
        #expect(far.gatewayEndpoint == "tcp://10.0.0.1:7070")
        #expect(far.eventsEndpoint == "tcp://10.0.0.1:7071")
        #expect(throws: Configuration.Refused.self) { try far.curve }
        let near = Configuration(environment: ["IEUM_RUN": "/r", "IEUM_GATEWAY": ""])
        #expect(near.gatewayEndpoint == "ipc:///r/gateway.sock")
        #expect(near.eventsEndpoint == "ipc:///r/events.sock")
        #expect(try near.curve == nil)
    }
}
