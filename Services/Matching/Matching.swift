import JSON
import ServiceKit
import Vocabulary

@main struct Matching {
    static func main() async {
        if await Measurement.ran(CommandLine.arguments) { return }
        let log = ServiceProcess.logger("matching")
        await ServiceProcess.run(service(Catalogue(directory: Configuration().indexPath(of: "matching"), log: log)))
    }

    /// Each definition has its own text index over its own database, in memory only.
    static var service: ServiceDefinition { service(Catalogue()) }

    static func service(_ catalogue: Catalogue) -> ServiceDefinition {
        ServiceDefinition(
            name: "matching", title: Bilingual(ko: "기술 수요·공급 매칭", en: "Matching of technology demand and supply"),
            migrations: MatchingSchema.migrations,
            methods: Organisations.methods + OrganisationMerge.methods + Imports.methods + Surveys.methods
                + SurveyResponses.methods + SurveyResults.methods(catalogue)
                + Profiles<DemandKind>.methods(catalogue)
                + Profiles<TechnologyKind>.methods(catalogue) + Recommendations.methods(catalogue)
                + Gaps.methods(catalogue) + Deals.methods(catalogue)
                + TechnologyHolds.methods
                + AssignmentEvents.methods(catalogue) + Studies.methods + TechnologyDemonstrations.methods
                + ThesaurusMethods.methods
                + Platforms.methods + ValueChains.methods(catalogue) + GapSignals.methods + Quotients.methods,
            jobs: catalogue.jobs + ProfileValidity.jobs + TechnologyHolds.jobs + Deals.jobs
                + Recommendations.jobs(catalogue)
                + GapWatch.jobs(catalogue) + Imports.jobs,
            consumers: TechnologyDemonstrations.consumers)
    }
}
