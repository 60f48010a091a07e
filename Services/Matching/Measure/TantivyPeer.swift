import Foundation
import JSON

/// tantivy from PyPI on the same terms, where a Python has it: one thread, one segment, counts but no positions.
struct TantivyPeer {
    let profiles: Int
    let tokeniser: Tokeniser
    let say: @Sendable (String) -> Void

    func measure(_ queries: [Query]) throws -> JSON {
        let python = Self.python
        guard try Self.run(python, ["-c", "import tantivy"]).status == 0 else {
            say("tantivy is not installed: .build/venv/bin/pip install tantivy")
            return ["missing": "pip install tantivy"]
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, "-c", Self.script]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try feed(input.fileHandleForWriting, queries)
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0, let told = try? JSON(parsing: answer),
            let milliseconds = told["milliseconds"]?.array?.compactMap(\.double)
        else { return ["failed": .bool(true)] }
        let times = Times(milliseconds.map { .microseconds(Int64(($0 * 1_000).rounded())) })
        say("tantivy: \(times)")
        return [
            "version": told["version"] ?? .null, "query": times.json,
            "profilesASecond": .number((Double(profiles) / (told["seconds"]?.double ?? 1)).rounded()),
        ]
    }

    /// One profile a line, an empty line, one query a line.
    private func feed(_ handle: FileHandle, _ queries: [Query]) throws {
        var corpus = Corpus()
        var bytes: [UInt8] = []
        func add(_ terms: some Sequence<(Term, Int)>) {
            for (term, count) in terms {
                for _ in 0..<count { bytes += Array("t\(String(term.bits, radix: 36)) ".utf8) }
            }
            bytes.append(0x0A)
        }
        for number in 1...profiles {
            let vector = tokeniser.vector(of: corpus.profile())
            add(zip(vector.terms, vector.counts.map(Int.init)))
            if bytes.count > 1 << 20 {
                try handle.write(contentsOf: Data(bytes))
                bytes.removeAll(keepingCapacity: true)
            }
            if number % 100_000 == 0 { say("tantivy: \(number)") }
        }
        bytes.append(0x0A)
        for query in queries { add(query.entries.map { ($0.term, 1) }) }
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }

    /// The one that `make test` prepares in the build directory, else whatever is on the PATH.
    private static var python: String {
        let own = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return ["../venv/bin/python3", "../../venv/bin/python3"].map { own.appending(path: $0).standardized.path }
            .first(where: FileManager.default.isExecutableFile) ?? "python3"
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: Data) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, data)
    }

    private static let script = """
        import json, sys, time, itertools, tantivy
        from importlib.metadata import version
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("words", stored=False, tokenizer_name="whitespace", index_option="freq")
        index = tantivy.Index(builder.build())
        writer = index.writer(heap_size=1_000_000_000, num_threads=1)
        lines = (line.rstrip("\\n") for line in sys.stdin)
        seconds = 0.0
        while True:
            batch = list(itertools.takewhile(bool, itertools.islice(lines, 10_000)))
            begun = time.perf_counter()
            for line in batch: writer.add_document(tantivy.Document(words=line))
            seconds += time.perf_counter() - begun
            if len(batch) < 10_000: break
        begun = time.perf_counter()
        writer.commit()
        writer.wait_merging_threads()
        seconds += time.perf_counter() - begun
        index.reload()
        searcher = index.searcher()
        milliseconds = []
        for line in lines:
            if not line: continue
            query = index.parse_query(line, ["words"])
            begun = time.perf_counter()
            searcher.search(query, 20)
            milliseconds.append((time.perf_counter() - begun) * 1000)
        sys.stdout.write(json.dumps({"version": version("tantivy"), "seconds": seconds, "milliseconds": milliseconds}))
        """
}
