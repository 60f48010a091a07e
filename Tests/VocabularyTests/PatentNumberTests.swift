import JSON
import Testing
import Vocabulary

@Suite("Patent numbers and classification symbols")
struct PatentNumberTests {
    private func read(_ text: String) throws -> PatentNumber { try PatentNumber.parse(text, thisYear: 2026) }

    @Test(arguments: [
        ("10-2020-0123456", "10-2020-0123456"), ("10 - 2020 - 0123456", "10-2020-0123456"),
        ("1020200123456", "10-2020-0123456"), ("제10–2020—0123456호", "10-2020-0123456"),
        ("１０－２０２０－０１２３４５６", "10-2020-0123456"), ("KR 10-2020-0123456", "10-2020-0123456"),
        ("10-1234567", "10-1234567"), ("101234567", "10-1234567"), ("10-1234567-0000", "10-1234567"),
        ("10-1234567-00-00", "10-1234567"), ("20-0000001", "20-0000001"), ("30-2026-0000001", "30-2026-0000001"),
        ("40-1946-0000001", "40-1946-0000001"), ("PCT/KR2020/012345", "PCT/KR2020/012345"),
        ("pct / kr2020 / 012345", "PCT/KR2020/012345"), ("PCT-KR2020-012345", "PCT/KR2020/012345"),
        ("PCT/KR99/00123", "PCT/KR1999/000123"), ("PCT/KR03/00123", "PCT/KR2003/000123"),
        ("PCT/KR1984/000001", "PCT/KR1984/000001"),
    ])
    func readsWhatPeopleWrite(text: String, canonical: String) throws {
        let number = try read(text)
        #expect(number.description == canonical)
        #expect(PatentNumber(canonical) == number)
        #expect(try JSON.string(canonical).decode(PatentNumber.self) == number)
        #expect(canonical.wholeMatch(of: try Regex(PatentNumber.pattern)) != nil)
    }

    /// Every refusal says what is wrong: the text that must stand in its sentence.
    @Test(arguments: [
        ("", "empty"), ("호", "empty"), ("특허 123", "not '특'"), ("10-2020-012345X", "not 'X'"),
        ("10-2020-123456", "has 2-4-6 digits"), ("10-123456", "has 2-6 digits"), ("12345", "has 5 digits"),
        ("10--1234567", "has 2-0-7 digits"), ("50-2020-0123456", "unknown kind '50'"),
        ("11-1234567", "unknown kind '11'"), ("10-2027-0000001", "2027, which is in the future (it is 2026)"),
        ("10-1945-0000001", "1945, before 1946"), ("10-0000000", "serial number 0"),
        ("PCT/KR2027/000001", "2027, which is in the future"), ("PCT/KR1983/000001", "1983, before 1984"),
        ("PCT/KR83/00001", "2083, which is in the future"), ("PCT/US2020/012345", "not 'US'"),
        ("PCT/KR2020/12345", "a year of 4 digits and a number of 6"), ("PCT/KR2020", "must look like"),
        ("PCT/KR20X0/012345", "a year of 4 digits and a number of 6"),
    ])
    func saysWhatIsWrong(text: String, part: String) {
        let mistake = #expect(throws: CodeMistake.self) { try read(text) }
        #expect(mistake?.rule.en.contains(part) == true, "\(mistake?.rule.en ?? "")")
        #expect(mistake?.rule.ko.isEmpty == false)
    }

    @Test func oneDigitChangedIsAnotherNumberOrNone() throws {
        let written = Array("10-2020-0123456")
        let number = try read(String(written))
        for place in written.indices where written[place] != "-" {
            for digit in "0123456789" where digit != written[place] {
                var changed = written
                changed[place] = digit
                #expect((try? read(String(changed))) != number)
            }
        }
    }

    @Test(arguments: [
        ("H01L 21/02", "H01L 21/02", "H01L"), ("h01l21/02", "H01L 21/02", "H01L"), ("G01N", "G01N", "G01N"),
        ("H01L 0021/02", "H01L 21/02", "H01L"), ("Ｙ02E 10/549", "Y02E 10/549", "Y02E"),
        ("A61K 2039/505", "A61K 2039/505", "A61K"), ("C12N 15/113 ", "C12N 15/113", "C12N"),
    ])
    func readsSymbols(text: String, canonical: String, wider: String) throws {
        let symbol = try PatentClass.parse(text)
        #expect(symbol.description == canonical && symbol.wider.description == wider)
        #expect(PatentClass(canonical) == symbol && PatentClass(symbol.description) == symbol)
        #expect(canonical.wholeMatch(of: try Regex(PatentClass.pattern)) != nil)
    }

    @Test(arguments: [
        ("", "subclass"), ("H01", "subclass"), ("I01L 21/02", "unknown section 'I'"), ("HAAL", "two digits"),
        ("H00L", "two digits"), ("H011", "one letter"), ("H01L 21", "slash"), ("H01L 21/2", "2-6 digits"),
        ("H01L 0/02", "1-4 digits"), ("H01L 21/02/03", "slash"), ("H01L 12345/02", "1-4 digits"),
    ])
    func saysWhatIsWrongWithASymbol(text: String, part: String) {
        let mistake = #expect(throws: CodeMistake.self) { try PatentClass.parse(text) }
        #expect(mistake?.rule.en.contains(part) == true, "\(mistake?.rule.en ?? "")")
    }

    @Test func rightsHaveNames() {
        #expect(PatentNumber.Right.allCases.map(\.rawValue) == [10, 20, 30, 40])
        #expect(Set(PatentNumber.Right.allCases.map(\.name.ko)).count == 4)
    }
}
