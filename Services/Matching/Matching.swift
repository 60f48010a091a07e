import JSON
import ServiceKit
import Vocabulary

@main struct Matching {
    static func main() async {
        if await Measurement.ran(CommandLine.arguments) { return }
        await ServiceProcess.run(service)
    }

    /// Each definition has its own text index over its own database.
    static var service: ServiceDefinition {
        let catalogue = Catalogue()
        return ServiceDefinition(
            name: "matching", title: Bilingual(ko: "기술 수요·공급 매칭", en: "Matching of technology demand and supply"),
            migrations: MatchingSchema.migrations,
            methods: Organisations.methods + Imports.methods + Profiles<DemandKind>.methods(catalogue)
                + Profiles<TechnologyKind>.methods(catalogue) + Recommendations.methods(catalogue)
                + Gaps.methods(catalogue) + Deals.methods(catalogue)
                + TechnologyHolds.methods
                + AssignmentEvents.methods(catalogue) + Studies.methods + TechnologyDemonstrations.methods
                + Platforms.methods + ValueChains.methods(catalogue) + GapSignals.methods + Quotients.methods,
            jobs: ProfileValidity.jobs + TechnologyHolds.jobs + Deals.jobs + Recommendations.jobs(catalogue)
                + GapWatch.jobs(catalogue) + Imports.jobs,
            consumers: TechnologyDemonstrations.consumers)
    }
}
