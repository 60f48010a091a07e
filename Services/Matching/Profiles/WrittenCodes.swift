import JSON
import ServiceKit
import Vocabulary

/// Patent numbers and classification symbols as somebody wrote them, read; every wrong one is named with what is wrong.
struct WrittenCodes {
    /// Nil when none were given, which changes nothing.
    let patents: [PatentNumber]?
    let classifications: [PatentClass]?

    init(_ patents: [String]?, _ classifications: [String]?, _ now: Instant) throws {
        try self.init(patents, { "/patents/\($0)" }, classifications, { "/classifications/\($0)" }, now)
    }

    /// Of a filter that takes one of each.
    init(one patent: String?, _ classification: String?, _ now: Instant) throws {
        try self.init(
            patent.map { [$0] }, { _ in "/patent" }, classification.map { [$0] }, { _ in "/classification" }, now)
    }

    private init(
        _ patents: [String]?, _ patentPlace: (Int) -> String, _ classifications: [String]?,
        _ classificationPlace: (Int) -> String, _ now: Instant
    ) throws {
        var errors: [FieldError] = []
        let year = Day.inSeoul(at: now).year
        self.patents = Self.read(patents, patentPlace, &errors) { text throws(CodeMistake) in
            try PatentNumber.parse(text, thisYear: year)
        }
        self.classifications = Self.read(classifications, classificationPlace, &errors) { text throws(CodeMistake) in
            try PatentClass.parse(text)
        }
        guard errors.isEmpty else { throw Fault.invalid(errors) }
    }

    /// Each value once, in the order given.
    private static func read<Code: Hashable>(
        _ texts: [String]?, _ pointer: (Int) -> String, _ errors: inout [FieldError],
        _ parse: (String) throws(CodeMistake) -> Code
    ) -> [Code]? {
        guard let texts else { return nil }
        var read: [Code] = []
        for (place, text) in texts.enumerated() {
            do throws(CodeMistake) {
                let code = try parse(text)
                if !read.contains(code) { read.append(code) }
            } catch {
                errors.append(FieldError(pointer(place), .string(text), error.rule))
            }
        }
        return read
    }
}

extension Profile {
    /// Refuses protection that contradicts itself.
    func requireSoundIPR() throws {
        let contradictions = IPR(statuses: iprStatus, patents: patents).contradictions
        guard contradictions.isEmpty else { throw Fault.invalid(contradictions) }
    }
}
