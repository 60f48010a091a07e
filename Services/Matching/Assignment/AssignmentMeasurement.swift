import Foundation
import JSON

/// `ieum-matching measure-assignment`: 10,000 applicants with 10 preferences each and 200 hosts with 50 places, beside
/// PyPI's `matching` on the same instance where Python has it; the results must be identical.
struct AssignmentMeasurement {
    private let applicants = 10_000
    private let hosts = 200
    private let preferences = 10
    private let places = 50
    private let rounds = 21
    let python: String?
    let say: (String) -> Void

    /// - Parameter python: the interpreter that has `matching`; nil measures Ieum alone.
    init(python: String?, say: @escaping (String) -> Void) {
        self.python = python
        self.say = say
    }

    func run() throws -> JSON {
        let (lists, hostLists) = instance()
        var report: JSON = [
            "applicants": .integer(Int64(applicants)), "hosts": .integer(Int64(hosts)),
            "preferences": .integer(Int64(preferences)),
        ]
        let market = {
            AssignmentMarket(
                applicantLists: lists, hostLists: hostLists,
                applicantCapacities: Array(repeating: 1, count: applicants),
                hostCapacities: Array(repeating: places, count: hosts))
        }
        var held: [Bool] = []
        report["solve"] = times { held = DeferredAcceptance.stable(market(), proposing: .applicants) }
        report["solveForHosts"] = times { held = DeferredAcceptance.stable(market(), proposing: .hosts) }
        held = DeferredAcceptance.stable(market(), proposing: .applicants)
        let problem = problem(lists, hostLists)
        report["solveFromNames"] = times { _ = Assignment(problem, .applicantOptimal, seed: 1) }
        let clock = ContinuousClock()
        var json: JSON = .null
        report["certificateMs"] = milliseconds(
            try clock.measure { json = try Assignment(problem, .applicantOptimal, seed: 1).certified().json })
        var violations = 0
        report["checkerMs"] = milliseconds(clock.measure { violations = AssignmentChecker.violations(of: json).count })
        report["violations"] = .integer(Int64(violations))
        say("Ieum: \(report["solve"]?.text ?? "")")
        if let python { report["matching"] = try peer(python, lists, hostLists, market(), held) }
        return report
    }

    /// Preferences by chance from one seed.
    private func instance() -> (lists: [[Int]], hostLists: [[Int]]) {
        var chance = SplitMix64(state: 42)
        var lists: [[Int]] = []
        var listed = [[Int]](repeating: [], count: hosts)
        for applicant in 0..<applicants {
            var list: [Int] = []
            while list.count < preferences {
                let host = Int(chance.next() % UInt64(hosts))
                if !list.contains(host) { list.append(host) }
            }
            for host in list { listed[host].append(applicant) }
            lists.append(list)
        }
        return (lists, listed.map { list in chance.shuffled(list.count).map { list[$0] } })
    }

    private func problem(_ lists: [[Int]], _ hostLists: [[Int]]) -> AssignmentProblem {
        AssignmentProblem(
            applicants: lists.enumerated().map { index, list in
                .init(id: "a\(index)", capacity: nil, preferences: list.map { "h\($0)" }, tiers: nil)
            },
            hosts: hostLists.enumerated().map { index, list in
                .init(id: "h\(index)", capacity: places, preferences: list.map { "a\($0)" }, tiers: nil)
            }, scores: nil)
    }

    private func times(_ body: () -> Void) -> JSON {
        let clock = ContinuousClock()
        return Times((0..<rounds).map { _ in clock.measure(body) }).json
    }

    private func milliseconds(_ duration: Duration) -> JSON {
        .number((duration / .milliseconds(1) * 10).rounded() / 10)
    }

    /// Runs the peer in a process of its own: the lists as JSON in, times and result out.
    private func peer(
        _ python: String, _ lists: [[Int]], _ hostLists: [[Int]], _ market: AssignmentMarket, _ held: [Bool]
    ) throws -> JSON {
        let input = FileManager.default.temporaryDirectory.appending(path: "ieum-assignment-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: input) }
        let instance: JSON = [
            "residents": try JSON.encode(lists), "hospitals": try JSON.encode(hostLists),
            "capacity": .integer(Int64(places)),
        ]
        try Data(instance.bytes).write(to: input)
        say("matching: this takes about half a minute")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, "-W", "ignore", "-c", Self.script, input.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0, var report = try? JSON(parsing: answer) else {
            return ["missing": "pip install matching"]
        }
        var own = [Int](repeating: -1, count: applicants)
        for pair in held.indices where held[pair] { own[market.applicantOf[pair]] = market.hostOf[pair] }
        report["isIdentical"] = .bool(report["result"] == (try JSON.encode(own)))
        report["result"] = nil
        return report
    }

    private static let script = """
        import json, sys, threading, time
        def main():
            import matching
            from matching.games import HospitalResident
            lists = json.load(open(sys.argv[1]))
            residents = {f"a{i}": [f"h{h}" for h in l] for i, l in enumerate(lists["residents"])}
            hospitals = {f"h{i}": [f"a{a}" for a in l] for i, l in enumerate(lists["hospitals"])}
            start = time.perf_counter()
            game = HospitalResident.create_from_dictionaries(
                residents, hospitals, {h: lists["capacity"] for h in hospitals})
            created = time.perf_counter()
            solved = game.solve(optimal="resident")
            end = time.perf_counter()
            result = [-1] * len(residents)
            for hospital, members in solved.items():
                for resident in members:
                    result[int(resident.name[1:])] = int(hospital.name[1:])
            sys.stdout.write(json.dumps({"version": matching.__version__, "createMs": round((created - start) * 1000),
                              "solveMs": round((end - created) * 1000), "result": result}))
        sys.setrecursionlimit(1000000)
        threading.stack_size(512 * 1024 * 1024)
        thread = threading.Thread(target=main)
        thread.start()
        thread.join()
        """
}
