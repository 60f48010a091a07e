public import JSON
public import Vocabulary

extension Daejeon {
    /// One of the plan's four strategies.
    public struct Strategy: Sourced {
        public let id: String
        public let name: Bilingual
        public let source: Source
    }

    /// One of the plan's twelve tasks, such as 1-2.
    public struct Task: Sourced {
        public let id: String
        public let name: Bilingual
        public let source: Source

        public var strategy: String { String(id.prefix(1)) }
    }

    /// One of the plan's 32 details, such as 1-1-1.
    public struct Detail: Sourced {
        public let id: String
        public let name: Bilingual
        /// Departments in charge, by the annex (as printed; the annex is a proposal).
        public let departments: [String]
        /// Headings below it in the body of the plan.
        public let parts: Int
        /// For the five years 2023-2027 together. No document splits it over the years.
        public let budget: Figure
        /// Who pays, where the plan says it.
        public let shares: [FundingShare]
        public let source: Source
        /// Where the budget stands.
        public let budgetSource: Source?
        public let note: Bilingual?

        public var task: String { String(id.prefix(3)) }
        public var strategy: String { String(id.prefix(1)) }

        init(
            _ id: String, ko: String, en: String, by departments: [String], parts: Int, budget: Figure = .silent,
            shares: [FundingShare] = [], source: Source, budgetSource: Source? = nil, note: Bilingual? = nil
        ) {
            self.id = id
            self.name = Bilingual(ko: ko, en: en)
            self.departments = departments
            self.parts = parts
            self.budget = budget
            self.shares = shares
            self.source = source
            self.budgetSource = budgetSource
            self.note = note
        }
    }

    /// A part of a budget by its payer.
    public struct FundingShare: Hashable, Sendable {
        public let payer: Payer
        public let amount: Won
    }

    public enum Payer: String, CaseIterable, Sendable, Named {
        case national, local, publicBodies, privateSector

        public var name: Bilingual {
            switch self {
            case .national: Bilingual(ko: "국비", en: "national")
            case .local: Bilingual(ko: "지방비", en: "local")
            case .publicBodies: Bilingual(ko: "공공", en: "public bodies")
            case .privateSector: Bilingual(ko: "민간", en: "private")
            }
        }
    }

    /// What is known of the money of some details, and how many of them are open.
    public static func budget(of details: [Detail] = details) throws(Won.Overflow) -> FigureTotal {
        try FigureTotal(of: details.map(\.budget))
    }
}
