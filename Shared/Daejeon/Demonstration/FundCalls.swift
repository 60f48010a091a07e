import JSON
import Vocabulary

extension Daejeon {
    /// Funds that the plan names; money and partners are invented. Where the plan states no size, none is given.
    static let fundCalls: [SeedCall] = partnerCalls + funds + money + committee + equipmentCase

    private static func partner(
        _ alias: String, _ kind: String, _ ko: String, _ en: String, organisation: String? = nil, synthetic: Bool = true
    ) -> SeedCall {
        SeedCall(
            alias, "fund.partners.register",
            .given([
                "kind": .string(kind), "name": Bilingual(ko: ko, en: en).json,
                "organisationId": organisation.map { .id(of: $0) },
            ]), synthetic: synthetic)
    }

    private static let partnerCalls = [
        partner("par-city", "city", "대전광역시", "Daejeon Metropolitan City", organisation: "city", synthetic: false),
        partner(
            "par-agency", "generalPartner", "대전투자청(계획)", "Daejeon investment agency (planned)",
            organisation: "investment-agency", synthetic: false),
        partner("par-bank", "limitedPartner", "가상 한밭은행", "Fictive Hanbat Bank"),
        partner("par-utility", "limitedPartner", "가상 금강공사", "Fictive Geumgang Utility"),
        partner(
            "par-gyeryong", "generalPartner", "가상 계룡벤처스", "Fictive Gyeryong Ventures", organisation: "gyeryong-ventures"
        ),
        partner(
            "par-daecheong", "investor", "가상 대청캐피탈", "Fictive Daecheong Capital", organisation: "daecheong-capital"),
        partner("par-citizens", "citizens", "시민 참여 몫", "Citizens' tranche"),
    ]

    private static func fund(
        _ alias: String, _ kind: String, _ name: Bilingual, _ purpose: Bilingual, parent: String? = nil,
        target: Won? = nil, obligations: [JSON] = []
    ) -> SeedCall {
        SeedCall(
            alias, "fund.funds.create",
            .given([
                "name": name.json, "kind": .string(kind), "purpose": purpose.json,
                "parentId": parent.map { .id(of: $0) }, "targetAmount": target.map { .integer($0.amount) },
                "obligations": obligations.isEmpty ? nil : .array(obligations),
            ]))
    }

    private static let funds = [
        fund(
            "fnd-mother", "fundOfFunds", Bilingual(ko: "지역 모펀드", en: "Regional fund of funds"),
            Bilingual(
                ko: "전략산업과 공공연 융합연구에 성장 단계별로 출자(P:1621). 계획에는 규모가 없음",
                en: "Invests by stage in strategic industries (P:1621); the plan states no size")),
        fund(
            "fnd-equipment", "child", Bilingual(ko: "연구장비 전용펀드", en: "Research equipment fund"),
            Bilingual(
                ko: "연구장비 기업의 인수와 도약 자금(P:970). 시연용 금액",
                en: "Takeovers and leaps of equipment makers (P:970); amounts are for demonstration"),
            parent: "fnd-mother",
            obligations: [
                ["kind": "region", "basis": "invested", "basisPoints": 6_000],
                ["kind": "industry", "basis": "invested", "industry": "research-equipment"],
            ]),
        fund(
            "fnd-space", "child", Bilingual(ko: "우주산업 전용 R&D펀드", en: "Space R&D fund"),
            Bilingual(ko: "지역 우주기업의 실용화 연구(P:734)", en: "Applied research of local space companies (P:734)"),
            parent: "fnd-mother", obligations: [["kind": "industry", "basis": "invested", "industry": "space"]]),
        fund(
            "fnd-nano", "child", Bilingual(ko: "나노·반도체 창업펀드", en: "Nano and semiconductor start-up fund"),
            Bilingual(ko: "나노·반도체 창업(P:574)", en: "Nano and semiconductor start-ups (P:574)"), parent: "fnd-mother"),
        fund(
            "fnd-secondary", "direct", Bilingual(ko: "세컨더리 펀드", en: "Secondary fund"),
            Bilingual(ko: "지역 투자사의 단계별 회수(P:1633)", en: "Exits by stage for local investors (P:1633)")),
        fund(
            "fnd-citizen", "citizen", Bilingual(ko: "시민참여형 공공펀드", en: "Citizens' public fund"),
            Bilingual(ko: "시민의 기부와 투자(P:1623)", en: "Donations and investments of citizens (P:1623)")),
        fund(
            "fnd-leap", "fundOfFunds", Bilingual(ko: "대전 D-도약 펀드", en: "Daejeon D-Leap fund"),
            Bilingual(
                ko: "계획 이후의 사실(2025-09): 결성 2,048억 원, 10년, 60% 이상을 지역 운용사에 출자. 이 시연에는 돈이 들어 있지 않음",
                en: "Later than the plan (2025-09): 204.8 billion won, ten years, at least 60% through local managers; "
                    + "holds no money in this demonstration"),
            target: .eok(2_048)),
    ]

    private static func commitment(_ fund: String, _ partner: String, _ eok: Int64, kind: String = "capital")
        -> SeedCall
    {
        SeedCall(
            "cmt-\(fund)-\(partner)-\(kind)", "fund.commitments.make",
            [
                "fundId": .id(of: fund), "partnerId": .id(of: partner), "kind": .string(kind),
                "amount": .integer(Won.eok(eok).amount),
            ])
    }

    private static func contribution(_ fund: String, _ partner: String, _ eok: Int64) -> SeedCall {
        SeedCall(
            "ctr-\(fund)-\(partner)", "fund.contributions.record",
            ["fundId": .id(of: fund), "partnerId": .id(of: partner), "amount": .integer(Won.eok(eok).amount)])
    }

    private static let money = [
        commitment("fnd-equipment", "par-city", 60), commitment("fnd-equipment", "par-bank", 40),
        commitment("fnd-equipment", "par-gyeryong", 20),
        commitment("fnd-equipment", "par-daecheong", 20, kind: "matching"),
        commitment("fnd-space", "par-city", 30), commitment("fnd-space", "par-utility", 30),
        commitment("fnd-citizen", "par-citizens", 2),
        contribution("fnd-equipment", "par-city", 30), contribution("fnd-equipment", "par-bank", 20),
        contribution("fnd-equipment", "par-gyeryong", 10), contribution("fnd-space", "par-city", 10),
        contribution("fnd-citizen", "par-citizens", 1),
    ]

    private static let seats = [
        ("technology", Bilingual(ko: "기술사업화", en: "Technology transfer")),
        ("industry", Bilingual(ko: "지역 산업", en: "Local industry")),
        ("finance", Bilingual(ko: "벤처 금융", en: "Venture finance")),
        ("city", Bilingual(ko: "대전시", en: "The city")), ("citizens", Bilingual(ko: "시민", en: "Citizens")),
    ]

    private static let committee = seats.map { seat, name in
        SeedCall(
            "mbr-\(seat)", "fund.committee.appoint", ["fundId": .id(of: "fnd-equipment"), "seat": name.json])
    }

    /// An investment in the company of the main demand, voted on and approved.
    private static let equipmentCase: [SeedCall] =
        [
            SeedCall(
                "case-tem", "fund.cases.propose",
                [
                    "fundId": .id(of: "fnd-equipment"), "organisationId": .id(of: "jeongmil-lab"),
                    "demandId": .id(of: "dmd-inside-samples"), "amount": .integer(Won.eok(5).amount),
                    "instrument": "preferredShares",
                    "purpose": "소형 투과전자현미경의 실증과 양산 준비 (Trial and first series of a small TEM)",
                    "inRegion": true, "industry": "research-equipment", "matchingPartnerId": .id(of: "par-daecheong"),
                ])
        ]
        + zip(seats, [("approve", 85), ("approve", 80), ("approve", 70), ("abstain", 75), ("reject", 60)]).map {
            seat, word in
            SeedCall(
                "vote-\(seat.0)", "fund.cases.vote",
                [
                    "id": .id(of: "case-tem"), "member": .id(of: "mbr-\(seat.0)"), "vote": .string(word.0),
                    "contribution": .integer(Int64(word.1)),
                ])
        }
        + [SeedCall("case-tem.decided", "fund.cases.decide", ["id": .id(of: "case-tem")])]
}
