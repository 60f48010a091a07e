import ArgumentParser
import Foundation
import JSON

/// Parses and runs one command and turns whatever happens into words and an exit code.
enum Invocation {
    /// How this executable was called, so that what is printed can be typed.
    static var name: String {
        let called = Swift.CommandLine.arguments.first ?? "ieum"
        return called.contains("/") && !called.hasPrefix("/usr/") ? called : "ieum"
    }

    static func run(_ root: (some AsyncParsableCommand).Type) async -> ExitStatus {
        do {
            var command = try root.parseAsRoot()
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
            return .success
        } catch let finished as Finished {
            return finished.status
        } catch let failure as Failure {
            report(failure)
            return failure.status
        } catch is CancellationError {
            return .interrupted
        } catch {
            return explain(error, root)
        }
    }

    private static func report(_ failure: Failure) {
        guard ProcessInfo.processInfo.arguments.contains("--json") else {
            Terminal.complain(Terminal.bad(words("오류: ", "Error: ")) + failure.description)
            return
        }
        Terminal.line(failure.json.text)
    }

    /// Help, version and mistakes in the arguments come from the parser; so do errors that no command foresaw.
    private static func explain(_ error: any Error, _ root: (some ParsableCommand).Type) -> ExitStatus {
        let text = HelpWords.translate(root.fullMessage(for: error))
        if root.exitCode(for: error).isSuccess {
            Terminal.line(text)
            return .success
        }
        Terminal.complain(text)
        return root.exitCode(for: error) == .validationFailure ? .usage : .refused
    }
}
