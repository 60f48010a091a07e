import Foundation
import Testing

@testable import CommandLine

/// The launcher over shell scripts in place of the services.
@Suite struct LauncherTests {
    /// Says hello, then waits for a line of input that never comes; leaves a mark when it is told to stop.
    private static let patient = """
        echo "hello from $name"
        trap 'echo "$name" >> "$IEUM_DATA/order"; exit 0' TERM
        echo $$ > "$IEUM_RUN/$name.pid"
        while :; do sleep 0.05; done
        """

    private func launch(_ script: String, _ scratch: ScratchDirectory) async throws -> Launcher {
        let binaries = try scratch.scripts(script)
        let launcher = try await Launcher(
            roster: .standard, directories: scratch.directories, binaries: binaries)
        await launcher.start()
        return launcher
    }

    @Test func startsAllAndStopsTheGatewayLast() async throws {
        let scratch = try ScratchDirectory()
        let directories = scratch.directories
        let launcher = try await launch(LauncherTests.patient, scratch)
        let silent = await launcher.waitUntilReady { name in
            FileManager.default.fileExists(atPath: "\(directories.run)/\(name).pid")
        }
        #expect(silent.isEmpty)
        let record = try #require(LaunchRecord.live(directories))
        #expect(record.isReady)
        #expect(record.processes.map(\.name) == ["gateway", "matching", "fund", "talent", "testbed"])
        #expect(
            try await eventually {
                await launcher.snapshot.processes.allSatisfy {
                    $0.phase == .ready && $0.pid != nil && $0.restarts == 0
                }
            })
        #expect(try await eventually { LogFile.tail(directories.log(of: "fund"), lines: 1) == ["hello from fund"] })

        await launcher.stop()
        let order = try String(contentsOfFile: directories.data + "/order", encoding: .utf8)
            .split(separator: "\n").map(String.init)
        #expect(order.count == 5)
        #expect(order.last == "gateway")
        #expect(!Lock.isHeld(directories.locks[0]))
        #expect(LaunchRecord.read(directories) == nil)
    }

    @Test func restartsWhatDiesAndCountsIt() async throws {
        let scratch = try ScratchDirectory()
        let directories = scratch.directories
        let launcher = try await launch(LauncherTests.patient, scratch)
        _ = await launcher.waitUntilReady { name in
            FileManager.default.fileExists(atPath: "\(directories.run)/\(name).pid")
        }
        let fund = try #require(await launcher.snapshot.processes.first { $0.name == "fund" }?.pid)
        kill(fund, SIGKILL)
        let back = try await eventually {
            let process = await launcher.snapshot.processes.first { $0.name == "fund" }
            return process?.restarts == 1 && process?.pid != nil && process?.pid != fund
        }
        #expect(back)
        #expect(await launcher.snapshot.processes.first { $0.name == "fund" }?.lastEnd?.contains("9") == true)
        #expect(await launcher.snapshot.processes.filter { $0.name != "fund" }.allSatisfy { $0.restarts == 0 })
        await launcher.stop()
    }

    @Test func namesTheServicesThatNeverAnswer() async throws {
        let scratch = try ScratchDirectory()
        let launcher = try await launch("echo 'no such table'; exit 1", scratch)
        let silent = await launcher.waitUntilReady(limit: .milliseconds(300)) { $0 != "fund" }
        #expect(silent == ["fund"])
        let words = Readiness.failure(silent, scratch.directories).description
        #expect(words.contains("fund"))
        #expect(words.contains("no such table"))
        #expect(try await eventually { await launcher.snapshot.processes.allSatisfy { $0.restarts > 0 } })
        await launcher.stop()
    }

    @Test func twoLaunchersOfOneDirectoryDoNotFight() async throws {
        let scratch = try ScratchDirectory()
        let launcher = try await launch(LauncherTests.patient, scratch)
        await #expect(throws: Failure.self) {
            _ = try await Launcher(
                roster: .standard, directories: scratch.directories, binaries: scratch.path + "/bin")
        }
        let other = try ScratchDirectory()
        let neighbour = try await launch(LauncherTests.patient, other)
        await launcher.stop()
        #expect(LaunchRecord.live(other.directories) != nil)
        await neighbour.stop()
    }
}
