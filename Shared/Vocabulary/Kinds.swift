// Kinds of identifiers that cross services. What stays inside one service is declared there.

public enum DemandKind: IDKind { public static let prefix = "dmd" }
public enum TechnologyKind: IDKind { public static let prefix = "tec" }
public enum OrganisationKind: IDKind { public static let prefix = "org" }
public enum PersonKind: IDKind { public static let prefix = "per" }
public enum ResourceKind: IDKind { public static let prefix = "res" }
public enum ReservationKind: IDKind { public static let prefix = "rsv" }
public enum PermitKind: IDKind { public static let prefix = "prm" }
public enum EngagementKind: IDKind { public static let prefix = "eng" }
public enum CaseKind: IDKind { public static let prefix = "cas" }
public enum FundKind: IDKind { public static let prefix = "fnd" }
public enum CoinvestmentKind: IDKind { public static let prefix = "coi" }
public enum DealKind: IDKind { public static let prefix = "deal" }
public enum HoldKind: IDKind { public static let prefix = "hld" }
public enum FlowKind: IDKind { public static let prefix = "flw" }

public typealias DemandID = ID<DemandKind>
public typealias TechnologyID = ID<TechnologyKind>
public typealias OrganisationID = ID<OrganisationKind>
public typealias PersonID = ID<PersonKind>
public typealias ResourceID = ID<ResourceKind>
public typealias ReservationID = ID<ReservationKind>
public typealias PermitID = ID<PermitKind>
public typealias EngagementID = ID<EngagementKind>
public typealias CaseID = ID<CaseKind>
public typealias FundID = ID<FundKind>
public typealias CoinvestmentID = ID<CoinvestmentKind>
public typealias DealID = ID<DealKind>
public typealias HoldID = ID<HoldKind>
public typealias FlowID = ID<FlowKind>
