import JSON
import ServiceKit

/// The books of the region's funds: who promised what, what was paid in, what a committee approved and what was
/// invested, in a ledger that sums to zero.
@main struct Fund {
    static func main() async { await ServiceProcess.run(service) }

    static let service = ServiceDefinition(
        name: "fund", title: Bilingual(ko: "투자펀드", en: "Investment fund"), migrations: FundSchema.migrations,
        methods: Funds.methods + Partners.methods + Commitments.methods + Contributions.methods + Ledger.methods
            + LedgerReads.methods + Committee.methods + Cases.methods + Votes.methods + Decisions.methods
            + Coinvestments.methods,
        jobs: Expiry.jobs)
}
