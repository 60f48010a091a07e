import Foundation
import Testing

@testable import CommandLine

@Suite struct DirectoriesTests {
    @Test func followTheEnvironmentInOrder() {
        let all = Directories(environment: [
            "IEUM_RUN": "/a/run", "XDG_RUNTIME_DIR": "/x", "IEUM_DATA": "/a/data/", "XDG_DATA_HOME": "/y",
        ])
        #expect(all.run == "/a/run")
        #expect(all.data == "/a/data")
        let desktop = Directories(environment: ["XDG_RUNTIME_DIR": "/x", "XDG_DATA_HOME": "/y", "HOME": "/h"])
        #expect(desktop.run == "/x/ieum")
        #expect(desktop.data == "/y/ieum")
        let bare = Directories(environment: ["HOME": "/h", "IEUM_RUN": "", "TMPDIR": "/t"])
        #expect(bare.run == "/tmp/ieum-\(geteuid())")
        #expect(bare.data == "/h/.local/share/ieum")
    }

    @Test func nameTheGatewayThatTheirEnvironmentNames() throws {
        let here = Directories(environment: ["IEUM_RUN": "/a"])
        #expect(here.gatewayEndpoint == "ipc:///a/gateway.sock" && !here.isRemote)
        let there = Directories(environment: ["IEUM_RUN": "/a", "IEUM_GATEWAY": "tcp://far:7070"])
        #expect(there.gatewayEndpoint == "tcp://far:7070" && there.isRemote)
        #expect(there.eventsEndpoint == "tcp://far:7071")
        // Without keys there is no way to it.
        #expect(throws: (any Error).self) { try there.curve }
    }

    @Test func haveExactModes() throws {
        let scratch = try ScratchDirectory()
        let directories = scratch.directories
        try directories.prepare()
        for path in [directories.run, directories.data, directories.logs] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o750, "\(path)")
        }
    }

    /// 107 bytes fit into `sun_path`, 108 do not; the message says how many there are.
    @Test func refuseAPathThatNoSocketCanHave() throws {
        let tail = "/gateway.sock".utf8.count
        let longest = "/" + String(repeating: "a", count: 107 - tail - 1)
        #expect(throws: Never.self) { try Directories(environment: ["IEUM_RUN": longest]).checkPathLength() }
        do {
            try Directories(environment: ["IEUM_RUN": longest + "a"]).checkPathLength()
            Issue.record("a path of 108 bytes was accepted")
        } catch { #expect(error.wrong.contains("108")) }
    }
}

@Suite struct LockTests {
    @Test func isExclusiveAndComesBack() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/lock"
        #expect(!Lock.isHeld(path))
        let lock = try #require(try Lock(path: path))
        #expect(Lock.isHeld(path))
        #expect(try Lock(path: path) == nil)
        lock.release()
        #expect(!Lock.isHeld(path))
    }
}
