import JSON
import ServiceKit
import Storage
import Vocabulary

/// What is pending past its time is released: by a job every second, and by every command that needs the money before it
/// looks at a balance, so a hold stops counting the instant its time is over.
enum Expiry {
    static let jobs: [Job] = [
        Job(name: "expire holds", every: .seconds(1)) { (w: Write) throws in try sweep(w, fund: nil, limit: 500) }
    ]

    /// Releases what is due, of one fund or of all.
    static func sweep(_ w: Write, fund: FundID?, limit: Int? = nil) throws {
        try Coinvestments.expire(w, fund: fund, limit: limit)
        var listing = "SELECT transfer_id FROM open_pendings WHERE expires_at <= ? AND purpose = 'manual'"
        var arguments: [(any SQLValue)?] = [w.now]
        if let fund {
            listing += " AND fund_id = ?"
            arguments.append(fund)
        }
        if let limit { listing += " ORDER BY expires_at LIMIT \(limit)" }
        let journal = Journal(db: w.db, now: w.now)
        for row in try w.db.rows(listing, arguments) {
            let id: TransferID = try row.get("transfer_id")
            let transfer = try journal.settle(id, as: .expire)
            try w.emit("fund.transfer.expired", subject: id.description, transfer)
        }
    }
}
