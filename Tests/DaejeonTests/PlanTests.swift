import Daejeon
import JSON
import Testing
import Vocabulary

@Suite struct PlanTests {
    @Test func theTreeIsFourTwelveThirtyTwo() {
        #expect(Daejeon.strategies.count == 4)
        #expect(Daejeon.tasks.count == 12)
        #expect(Daejeon.details.count == 32)
        #expect(Daejeon.details.map(\.parts).reduce(0, +) == 94)
        #expect(Set(Daejeon.details.map(\.task)) == Set(Daejeon.tasks.map(\.id)))
        #expect(Set(Daejeon.tasks.map(\.strategy)) == Set(Daejeon.strategies.map(\.id)))
        #expect(Daejeon.details.map(\.id) == Daejeon.details.map(\.id).sorted())
    }

    @Test func sevenDetailsStateAnAmountAndTheOthersStayOpen() throws {
        let stated = Daejeon.details.filter { $0.budget.amount != nil }
        #expect(stated.map(\.id) == ["1-1-1", "1-1-2", "1-1-3", "1-1-4", "1-2-1", "1-2-2", "1-3-1"])
        #expect(stated.allSatisfy { $0.budgetSource != nil })
        let total = try Daejeon.budget()
        #expect(total == FigureTotal(known: Won(6_523_500_000_000), knownCount: 7, openCount: 25))
        #expect(total.exact == nil)
        #expect(total.upperBound == nil)
        #expect(total.text.ko == "6조 5,235억원 + 미정 25건")
    }

    @Test func aTaskWithoutAnyAmountIsNotZero() throws {
        let total = try Daejeon.budget(of: Daejeon.details.filter { $0.task == "4-2" })
        #expect(total.knownCount == 0)
        #expect(total.openCount == 4)
        #expect(total.exact == nil)
    }

    @Test func whoPaysAddsUpWhereItIsStated() throws {
        for detail in Daejeon.details where !detail.shares.isEmpty {
            #expect(try Won.sum(detail.shares.map(\.amount)) == detail.budget.amount)
        }
        #expect(Daejeon.details.first?.shares.count == 4)
    }
}

@Suite struct FactTests {
    private func check<Record: Sourced>(_ records: [Record]) {
        #expect(Set(records.map(\.id)).count == records.count)
        for record in records {
            #expect(!record.name.ko.isEmpty && !record.name.en.isEmpty, "\(record.id)")
            switch record.source.document {
            case .plan, .slides, .megaprojects: #expect(record.source.line != nil, "\(record.id)")
            case .laterReport: #expect(record.note != nil, "\(record.id)")
            case .invented: #expect(record.synthetic, "\(record.id)")
            }
        }
    }

    @Test func everyRecordHasANameInBothLanguagesAndAPlace() {
        check(Daejeon.strategies)
        check(Daejeon.tasks)
        check(Daejeon.details)
        check(Daejeon.facts)
        check(Daejeon.corrections)
        check(Daejeon.discrepancies)
        check(Daejeon.zones)
        check(Daejeon.spaces)
        check(Daejeon.needs)
        check(Daejeon.analysisTechnologies)
        check(Daejeon.programmes)
        check(Daejeon.plannedFunds)
        check(Daejeon.organisations)
        check(Daejeon.offers)
        check(Daejeon.demands)
        check(Daejeon.regionalIndustries)
    }

    @Test func spacesAddUp() {
        #expect(Daejeon.spaces.map(\.rooms) == [1_061, 442, 564])
        #expect(Daejeon.spaces.map(\.rooms).reduce(0, +) == Daejeon.spaceRooms)
        #expect(Daejeon.spaceFacilities == 55)
    }

    @Test func theFifthValleyIsNotInvented() {
        #expect(Daejeon.startupValleys.stated == 5)
        #expect(Daejeon.startupValleys.named.count == 4)
        #expect(Daejeon.startupValleys.unnamed == 1)
        #expect(Daejeon.zones.filter { $0.kind == .startupValley }.count == 4)
    }

    @Test func slipsOfAThousandAreFoundAgainByTheReader() throws {
        for correction in Daejeon.corrections where correction.kind == .thousand {
            #expect(correction.printed.replacing(".", with: ",") == correction.read, "\(correction.id)")
            guard correction.printed.hasSuffix("억") else { continue }
            let reading = try #require(AmountReading(correction.printed), "\(correction.id)")
            #expect(reading.suspected == AmountReading(correction.read)?.printed, "\(correction.id)")
        }
        #expect(Daejeon.corrections.filter { $0.kind == .thousand }.count == 9)
    }

    @Test func correctedFactsSayWhatWasPrinted() {
        let ids = ["rnd", "rnd-matching", "foreign-talent", "equipment", "equipment-value"]
        for id in ids {
            #expect(Daejeon.facts.first { $0.id == id }?.note?.en.contains("scanned as") == true, "\(id)")
        }
        #expect(Daejeon.facts.first { $0.id == "rnd-matching" }?.value == .money(Won(356_900_000_000)))
        #expect(Daejeon.details.first { $0.id == "1-3-1" }?.note?.en.contains("3.012억") == true)
    }

    @Test func contradictionsKeepBothReadings() {
        #expect(Daejeon.discrepancies.allSatisfy { $0.readings.count >= 2 && $0.note != nil })
        let gyochon = Daejeon.discrepancies.first { $0.id == "gyochon-area" }
        #expect(gyochon?.readings.map(\.value) == ["530만㎡", "529만㎡"])
        #expect(gyochon?.readings.map(\.source) == ["P:1102", "P:2022"])
    }

    @Test func unsolvedProblemsAndAnalysisTechnologies() {
        #expect(Daejeon.unsolvedProblems.count == 4)
        #expect(Daejeon.analysisTechnologies.count == 5)
        let problems = Set(Daejeon.unsolvedProblems.map(\.id))
        #expect(Set(Daejeon.analysisTechnologies.flatMap(\.answers)) == problems)
    }

    @Test func fundsThatThePlanLeavesOpenStayOpen() throws {
        let total = try FigureTotal(of: Daejeon.plannedFunds.map(\.target))
        #expect(total.openCount == 7)
        let later = Daejeon.plannedFunds.filter { $0.source.isLaterThanPlan }
        #expect(later.map(\.id) == ["leap-fund"])
        // Leverage of the closed funds is about thirteen to one (P:1392).
        #expect(Daejeon.closedFunds.amount / Daejeon.cityShareOfClosedFunds.amount == 13)
    }

    @Test func regionalIndustriesAreCountedAsTheSlidesCountThem() {
        #expect(Daejeon.regionalIndustries.count == 14)
        #expect(Daejeon.regionalIndustries.flatMap(\.leading).count == 63)
        #expect(Set(Daejeon.regionalIndustries.flatMap(\.cooperating)).count == 16)
        #expect(Daejeon.regionalIndustries.flatMap(\.local).count == 39)
    }

    @Test func institutionsAreRealAndCompaniesAreNot() {
        #expect(Daejeon.institutions.count >= 25)
        #expect(Daejeon.institutions.allSatisfy { !$0.synthetic })
        #expect(Daejeon.companies.allSatisfy { $0.synthetic && $0.name.ko.hasPrefix("가상") })
        #expect(!Daejeon.organisations.contains { $0.name.en.contains("ETRI") })
    }
}
