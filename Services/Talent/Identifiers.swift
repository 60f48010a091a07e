import Vocabulary

// Identifiers that stay within talent.

enum ConsentIDKind: IDKind { static let prefix = "cns" }
enum PostingIDKind: IDKind { static let prefix = "pst" }
enum InterestIDKind: IDKind { static let prefix = "int" }
enum AccessIDKind: IDKind { static let prefix = "acc" }
typealias ConsentID = ID<ConsentIDKind>
typealias PostingID = ID<PostingIDKind>
typealias InterestID = ID<InterestIDKind>
typealias AccessID = ID<AccessIDKind>
