import JSON
import Vocabulary

extension Daejeon {
    /// Everything the demonstration needs, in an order in which every reference is known.
    public static let load: [SeedCall] =
        organisations.map(\.call)
        + offers.flatMap { $0.calls("technologies") }
        + demands.flatMap { $0.calls("demands") }
        + sites.map(\.call) + resources.map(\.call) + [dronePermit]
        + fundCalls
        + people.flatMap(\.calls) + postingCalls
        + chainCalls + platformCalls + quotientCalls
}

extension Daejeon.Organisation {
    var call: SeedCall {
        SeedCall(
            id, "matching.organisations.create",
            .given([
                "kind": .string(kind.rawValue), "nameKo": .string(name.ko), "nameEn": .string(name.en),
                "region": .string(region.rawValue), "industries": .codes(industries), "source": .string(citation),
            ]), synthetic: synthetic)
    }
}
