import Foundation
import Glibc
import JSON
import ServiceKit
import Testing

/// Far more connections than the gateway may have descriptors for. libzmq would abort on the first one too many.
@Suite(.timeLimit(.minutes(3))) struct FloodTests {
    private static let descriptors = 512

    @Test(arguments: ["gateway.sock", "events.sock"])
    func connectionsWithoutAHandshakeNeitherEndNorLockTheGateway(path: String) async throws {
        let folder = "/tmp/ie-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let log = folder + "/gateway.out"
        let gateway = try RunningSet.spawn(
            "/bin/bash", ["-c", "ulimit -n \(Self.descriptors); exec \(RunningSet.binaries)/ieum-gateway"],
            folder: folder, output: log)
        defer { end(gateway) }
        let client = try Client(endpoint: "ipc://\(folder)/run/gateway.sock")
        defer { client.close() }
        try await answers(client, within: .seconds(20))

        // Eight processes, since one alone gets no further than its share.
        let program = folder + "/flood.py"
        try Self.flood.write(toFile: program, atomically: true, encoding: .utf8)
        let output = folder + "/flood.out"
        let flood = try RunningSet.spawn(
            try RunningSet.python(), [program, "\(folder)/run/\(path)"], folder: folder, output: output)
        defer { end(flood) }
        let start = ContinuousClock.now
        while true {
            let text = try String(contentsOfFile: output, encoding: .utf8)
            if text.split(separator: "\n").count == 8 { break }
            try #require(ContinuousClock.now - start < .seconds(60), "the flood does not get through: \(text)")
            // Who was inside is served all the time.
            try await answers(client, within: .seconds(10))
            try await Task.sleep(for: .milliseconds(100))
        }
        // All 6,000 are still there as far as they are concerned. A newcomer gets in once the silent were let go.
        let newcomer = try Client(endpoint: "ipc://\(folder)/run/gateway.sock")
        defer { newcomer.close() }
        try await answers(newcomer, within: .seconds(10))

        let stats = try await newcomer.call("gateway.stats")
        #expect(stats["connectionsRefusedForDescriptors"]?.integer ?? 0 > 0, "\(stats)")
        #expect(stats["connectionsRefusedForProcess"]?.integer ?? 0 > 0, "\(stats)")
        #expect(gateway.isRunning)
        gateway.terminate()
        gateway.waitUntilExit()
        #expect(gateway.terminationStatus == 0)
        #expect(try String(contentsOfFile: log, encoding: .utf8).contains("too few descriptors are left"))
    }

    private func answers(_ client: Client, within limit: Duration) async throws {
        let end = ContinuousClock.now + limit
        while true {
            do {
                _ = try await client.call("service.ping", service: "gateway", deadline: .seconds(1))
                return
            } catch {
                guard ContinuousClock.now < end else { throw error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func end(_ process: Process) {
        guard process.isRunning else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private static let flood = """
        # 6,000 connections of eight processes: silent ones, and ones with half a greeting.
        import ctypes, os, resource, signal, socket, sys, time
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        for _ in range(7):
            if os.fork() == 0:
                ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: they end with the first
                break
        peers = []
        while len(peers) < 750:
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(sys.argv[1])
            try:
                if len(peers) % 2:
                    peer.sendall(b"\\xff" + bytes(8) + b"\\x7f\\x03")
            except OSError:
                pass  # refused already
            peers.append(peer)
        os.write(1, b"here\\n")
        while True:
            time.sleep(1)
        """
}
