import JSON
import ServiceKit

/// Finds e-mail addresses and Korean telephone numbers in what everybody reads: contacts are shown when both sides of
/// a deal have accepted, not before. What is disguised on purpose ("at", spelled digits) is for the reviewer.
enum ContactInText {
    enum Finding: Hashable, Sendable {
        case email, telephone

        var name: Bilingual {
            switch self {
            case .email: Bilingual(ko: "전자우편 주소", en: "an e-mail address")
            case .telephone: Bilingual(ko: "전화번호", en: "a telephone number")
            }
        }
    }

    /// The first of each kind, with the number of its character, from 1.
    static func findings(in text: String) -> [(finding: Finding, place: Int)] {
        let scalars = text.unicodeScalars.map(plain)
        var found: [(finding: Finding, place: Int)] = []
        if let place = email(in: scalars) { found.append((.email, place + 1)) }
        if let place = telephone(in: scalars) { found.append((.telephone, place + 1)) }
        return found
    }

    /// Full-width characters and long dashes as their plain ones.
    private static func plain(_ scalar: Unicode.Scalar) -> UInt8 {
        switch scalar.value {
        case 0x21...0x7E: UInt8(scalar.value)
        case 0xFF01...0xFF5E: UInt8(scalar.value - 0xFEE0)
        case 0x2010...0x2015, 0x2212: UInt8(ascii: "-")
        case 0x80...: UInt8(ascii: "?")
        default: UInt8(ascii: " ")
        }
    }

    /// A name, `@` and a domain with a point in it.
    private static func email(in text: [UInt8]) -> Int? {
        for place in text.indices where text[place] == UInt8(ascii: "@") {
            let name = text[..<place].reversed().prefix { isLetterOrDigit($0) || "._%+-".utf8.contains($0) }
            let domain = text[(place + 1)...].prefix { isLetterOrDigit($0) || ".-".utf8.contains($0) }
            let labels = domain.split(separator: UInt8(ascii: "."))
            guard !name.isEmpty, labels.count >= 2, let top = labels.last,
                top.count >= 2, top.allSatisfy({ isLetterOrDigit($0) && !isDigit($0) })
            else { continue }
            return place - name.count
        }
        return nil
    }

    /// A run of digits with its place, and how it joins the one before it.
    private struct Group {
        let digits: ArraySlice<UInt8>
        /// One of `- . ) ` or a blank between the two, nothing else.
        let followsClosely: Bool
        let hasPlus: Bool

        func begins(_ text: String) -> Bool { digits.starts(with: text.utf8) }
        func isWhole(_ text: String) -> Bool { digits.elementsEqual(text.utf8) }
        var count: Int { digits.count }
    }

    private static func telephone(in text: [UInt8]) -> Int? {
        let groups = groups(in: text)
        for place in groups.indices {
            let first = groups[place]
            if isMobile(first) { return first.digits.startIndex }
            let next = groups[(place + 1)...].prefix(4).prefix(while: \.followsClosely)
            let lengths = next.map(\.count)
            // 042-123-4567, 02 1234 5678, (070) 123.4567
            let isDomestic =
                first.begins("0") && (2...4).contains(first.count) && lengths.count >= 2
                && (3...4).contains(lengths[0]) && lengths[1] == 4
            // +82 42 123 4567, +82-10-1234-5678, +82 (0)10-1234-5678, +821012345678
            let isInternational =
                first.hasPlus && first.begins("82")
                && (0...lengths.count).contains { (8...11).contains(first.count - 2 + lengths.prefix($0).reduce(0, +)) }
            // 82-42-123-4567, 0082 10 1234 5678: without the plus all parts must be there
            let isWrittenOut =
                (first.isWhole("82") || first.isWhole("0082")) && lengths.count >= 3
                && (1...2).contains(lengths[0]) && (3...4).contains(lengths[1]) && lengths[2] == 4
            // 1588-1234; 1600 and 1800 are left out, since spectra are full of them.
            let isService =
                services.contains { first.count == 4 && first.begins($0) } && lengths.first == 4
                && text[first.digits.endIndex] == UInt8(ascii: "-")
            if isDomestic || isInternational || isWrittenOut || isService { return first.digits.startIndex }
        }
        return nil
    }

    private static let services = ["1544", "1566", "1577", "1588", "1599", "1644", "1661", "1666", "1670", "1688"]

    private static func isMobile(_ group: Group) -> Bool {
        (10...11).contains(group.count) && ["010", "011", "016", "017", "018", "019"].contains(where: group.begins)
    }

    private static func groups(in text: [UInt8]) -> [Group] {
        var groups: [Group] = []
        var place = 0
        while place < text.count {
            guard isDigit(text[place]) else {
                place += 1
                continue
            }
            let digits = text[place...].prefix(while: isDigit)
            let between = text[(groups.last?.digits.endIndex ?? place)..<place]
            let isClose = !groups.isEmpty && (1...3).contains(between.count) && between.allSatisfy(isSeparator)
            groups.append(
                Group(
                    digits: digits, followsClosely: isClose,
                    hasPlus: place > 0 && text[place - 1] == UInt8(ascii: "+")))
            place = digits.endIndex
        }
        return groups
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { "-.()~ ".utf8.contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

extension Profile {
    /// Everything that people read of a profile, by the place in the parameters.
    var publicTexts: [(pointer: String, text: String)] {
        let texts = [
            ("/title", title), ("/summary", summary), ("/description", description), ("/advantages", advantages),
            ("/partnerSought/role", partnerSought?.role ?? ""),
            ("/partnerSought/expertise", partnerSought?.expertise ?? ""), ("/source", source ?? ""),
        ]
        return texts + keywords.enumerated().map { ("/keywords/\($0.offset)", $0.element) }
    }

    /// Refuses contacts in the text, each with its field; the contact itself is not repeated.
    func requireNoContact() throws {
        let errors = publicTexts.flatMap { pointer, text in
            ContactInText.findings(in: text).map { finding, place in
                FieldError(
                    pointer, nil,
                    Bilingual(
                        ko: "\(place)번째 글자에 \(finding.name.ko)이(가) 있습니다. 연락처는 기관 정보에 두세요(양쪽이 수락하면 보입니다)",
                        en: "has \(finding.name.en) at character \(place); contacts belong to the organisation, "
                            + "where they are shown when both sides have accepted"))
            }
        }
        guard errors.isEmpty else { throw Fault.invalid(errors) }
    }
}
