import JSON
import ServiceKit

/// Testbeds, equipment, space and data of the region: what there is, when it is free, who has it, and what a
/// demonstration with it proved (P:807, P:963, P:1453, P:1471, P:1515).
@main
struct Testbed {
    static func main() async { await ServiceProcess.run(service) }

    static let service = ServiceDefinition(
        name: "testbed",
        title: Bilingual(ko: "테스트베드·장비·공간", en: "Testbeds, equipment and space"),
        migrations: TestbedSchema.migrations,
        methods: Sites.methods + Resources.methods + ResourceSearch.methods + Closures.methods + SiteMap.methods
            + Availability.methods + Reservations.methods + Usage.methods + Permits.methods + Demonstrations.methods,
        jobs: Reservations.jobs + Usage.jobs)
}
