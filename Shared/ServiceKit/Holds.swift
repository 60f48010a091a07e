import JSON
public import Vocabulary

extension HoldState {
    /// The state after an action on the hold `id`; a refusal is the `conflict` that the caller is answered with,
    /// `{"state": …, "id": …}`.
    public func changed<Kind>(
        by action: HoldAction, of id: ID<Kind>, expiresAt: Instant, now: Instant
    ) throws(Fault) -> HoldState {
        do { return try after(action, expiresAt: expiresAt, now: now) } catch {
            throw .conflict(
                error.message, data: ["state": .string(error.state.rawValue), "id": .string(id.description)])
        }
    }
}
