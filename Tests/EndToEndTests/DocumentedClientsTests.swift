import Foundation
import JSON
import ServiceKit
import Testing

/// The programs of README and Docs, run as they stand, with stock pyzmq.
@Suite(.timeLimit(.minutes(5))) struct DocumentedClientsTests {
    @Test func theProgramsOfTheDocumentsWork() async throws {
        try await RunningSet.with { set in
            let python = try RunningSet.python()
            func run(_ name: String, _ document: String, _ marker: String, _ arguments: [String] = []) async throws
                -> RunningSet.Outcome
            {
                let path = try set.write(name, RunningSet.codeBlock(of: document, containing: marker))
                return try await set.execute(python, [path] + arguments)
            }

            let readme = try await run("readme.py", "README.md", "zmq.REQ")
            #expect(readme.status == 0, "\(readme.output)")

            let dealer = try await run("client02.py", "Docs/integrators.md", "# client02.py")
            #expect(dealer.status == 0, "\(dealer.output)")
            #expect(Set(dealer.output.split(separator: "\n")) == ["matching ok", "fund ok", "talent ok", "testbed ok"])

            // A subscriber, and something to hear.
            let listener = try set.write(
                "events.py", RunningSet.codeBlock(of: "Docs/integrators.md", containing: "# events.py"))
            let heard = Task { try await set.execute(python, [listener]) }
            let teller = Task {
                for number in 0..<200 {
                    _ = try await set.client.call(
                        "matching.organisations.create",
                        ["kind": "company", "nameKo": .string("시험 \(number)"), "region": "KR-30"])
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            let event = try await heard.value
            teller.cancel()
            #expect(event.status == 0, "\(event.output)")
            #expect(event.output.contains("ieum.matching.organisation."), "\(event.output)")

            let later = try await run("later.py", "Docs/integrators.md", "# later.py")
            #expect(
                later.status == 0 && later.output.hasPrefix("200 ") && later.output.contains(" 200"), "\(later.output)")

            let mmi = try await run("mmi.py", "Docs/integrators.md", "# mmi.py", ["upper"])
            #expect(mmi.output.trimmingCharacters(in: .whitespacesAndNewlines) == "404", "\(mmi.output)")

            let path = try set.write(
                "worker.py", RunningSet.codeBlock(of: "Docs/integrators.md", containing: "# worker.py"))
            let worker = try RunningSet.spawn(
                python, [path, "upper"], folder: set.folder, output: set.folder + "/worker.out")
            defer { worker.end() }
            var known = ""
            for _ in 0..<50 where known != "200" {
                known = try await set.execute(python, [set.folder + "/mmi.py", "upper"]).output
                    .trimmingCharacters(in: .whitespacesAndNewlines)
            }
            #expect(known == "200")
            let caller = try set.write(
                "caller.py",
                """
                import os, zmq
                socket = zmq.Context().socket(zmq.REQ)
                socket.setsockopt(zmq.REQ_CORRELATE, 1)
                socket.connect("ipc://" + os.environ["IEUM_RUN"] + "/gateway.sock")
                for number in range(50):
                    socket.send_multipart([b"MDPC01", b"upper", b"hello %d" % number, b"two"])
                    assert socket.recv_multipart()[2:] == [b"HELLO %d" % number, b"TWO"]
                print("fine")
                """)
            let called = try await set.execute(python, [caller])
            #expect(called.status == 0 && called.output.contains("fine"), "\(called.output)")
        }
    }

    /// Each program looks for the sockets where the services put them.
    @Test func theProgramsLookWhereTheServicesAre() throws {
        let markers = [
            ("README.md", "zmq.REQ"), ("Docs/integrators.md", "# client02.py"), ("Docs/integrators.md", "# events.py"),
            ("Docs/integrators.md", "# worker.py"), ("Docs/integrators.md", "# mmi.py"),
            ("Docs/integrators.md", "# progress.py"), ("Docs/integrators.md", "# later.py"),
        ]
        for (document, marker) in markers {
            let lines = try RunningSet.codeBlock(of: document, containing: marker).split(separator: "\n")
            let place = lines.filter { $0.hasPrefix("runtime = ") || $0.hasPrefix("run = ") }.joined(separator: "\n")
            for (run, runtime) in [("/r", "/x"), ("", "/x"), ("", "")] {
                let process = Process()
                process.executableURL = URL(filePath: try RunningSet.python())
                process.arguments = ["-c", "import os\n\(place)\nprint(run, end='')"]
                process.environment = ["IEUM_RUN": run, "XDG_RUNTIME_DIR": runtime]
                let output = Pipe()
                process.standardOutput = output
                try process.run()
                let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                #expect(said == Configuration(environment: process.environment ?? [:]).run, "\(document), \(marker)")
            }
        }
    }
}
