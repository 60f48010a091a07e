import JSON
import Testing
import Vocabulary

@Suite struct WordTests {
    private func check<Word: Named & Hashable>(_ type: Word.Type, count: Int) {
        let names = Word.allCases.map(\.name)
        #expect(names.count == count)
        #expect(Set(names.map(\.ko)).count == count)
        #expect(Set(names.map(\.en)).count == count)
        #expect(names.allSatisfy { !$0.ko.isEmpty && !$0.en.isEmpty })
    }

    @Test func everyWordHasItsOwnNameInBothLanguages() {
        check(TRL.self, count: 9)
        check(TRL.Stage.self, count: 5)
        check(Region.self, count: 17)
        check(WiderRegion.self, count: 7)
        check(StrategicIndustry.self, count: 10)
        check(KSICSection.self, count: 21)
        check(ScienceField.self, count: 16)
        check(ScienceField.Group.self, count: 3)
        check(HoldState.self, count: 4)
    }

    @Test func theCoreIndustriesAreFour() {
        #expect(
            StrategicIndustry.allCases.filter { $0.standing == .core } == [
                .nanoSemiconductor, .bioHealth, .defence, .space,
            ])
    }

    @Test func rawValuesAreThePublishedCodes() throws {
        #expect(Region(rawValue: "KR-30") == .daejeon)
        #expect(Region.allCases.map(\.rawValue) == Region.allCases.map(\.rawValue).sorted())
        #expect(Region.allCases.filter { $0.wider == .chungcheong } == [.daejeon, .chungbuk, .chungnam, .sejong])
        #expect(
            ScienceField.allCases.map(\.rawValue).joined(separator: " ")
                == "NA NB NC ND LA LB LC EA EB EC ED EE EF EG EH EI")
        #expect(KSICSection.allCases.map(\.rawValue).joined() == "ABCDEFGHIJKLMNOPQRSTU")
        #expect(try JSON.encode(StrategicIndustry.nanoSemiconductor) == "nano-semiconductor")
        #expect(ScienceField.lifeScience.group == .life)
    }

    @Test func trlIsAnIntegerFromOneToNine() throws {
        #expect(TRL(0) == nil)
        #expect(TRL(10) == nil)
        #expect(TRL.allCases.map(\.level) == Array(1...9))
        #expect(try JSON.encode(TRL.highest) == 9)
        #expect(try (4 as JSON).decode(TRL.self) == TRL(4))
        for wrong: JSON in [0, 10, "4", 4.5] {
            #expect(throws: FieldErrors.self) { try wrong.decode(TRL.self) }
        }
        #expect(TRL(4)?.stage == .experiment)
    }

    @Test(arguments: ["124-81-00998", "1248100998", "000-00-00000"])
    func readsBusinessNumbers(text: String) throws {
        let number = try #require(BusinessNumber(text))
        #expect(number.description.count == 12)
        #expect(BusinessNumber(number.description) == number)
        #expect(BusinessNumber(number.digits) == number)
        #expect(try JSON.string(text).decode(BusinessNumber.self) == number)
    }

    @Test(arguments: [
        "", "124-81-00997", "124810099", "12481009980", "12-481-00998", "124-8100998", "124-81-0099A", "１２４-81-00998",
    ])
    func refusesBusinessNumbers(text: String) {
        #expect(BusinessNumber(text) == nil)
    }

    @Test func theCheckDigitCatchesEveryWrongDigit() throws {
        let digits = Array("1248100998")
        for place in digits.indices {
            for wrong in "0123456789" where wrong != digits[place] {
                var changed = digits
                changed[place] = wrong
                // The ninth digit counts 5d + ⌊5d/10⌋, which is injective modulo ten as well.
                #expect(BusinessNumber(String(changed)) == nil)
            }
        }
    }
}
