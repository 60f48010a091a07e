import Foundation
import JSON
import Logging
import ServiceKit

/// People of the region: personal data under a key for each person, consent for each purpose, postings, recommendations
/// both ways, and their time, held and booked in shares.
@main
struct Talent {
    static func main() async {
        // First, so that asking for help makes no key.
        ServiceProcess.answerArguments("talent")
        let configuration = Configuration()
        let file = KeyFile(path: configuration.talentKeyFile)
        do {
            await ServiceProcess.run(service(try file.vault(database: configuration.databasePath(of: "talent"))))
        } catch {
            ServiceProcess.logger("talent").critical("\(error)")
            exit(1)
        }
    }

    /// - Parameter vault: holds the master key of the persons' keys.
    static func service(_ vault: Vault) -> ServiceDefinition {
        let profiles = Profiles(vault: vault)
        let log = AccessLog(vault: vault)
        let people: [Method] =
            People(profiles: profiles).methods + Disclosure(profiles: profiles, log: log).methods + Erasure.methods
        let work: [Method] =
            Availability.methods + Engagements.methods + Postings.methods + Interests.methods
            + Recommendations(profiles: profiles).methods
        return ServiceDefinition(
            name: "talent", title: Bilingual(ko: "인재", en: "Talent"), migrations: TalentSchema.migrations,
            methods: people + Consents.methods + Skills.methods + work + log.methods, jobs: Engagements.jobs)
    }
}
