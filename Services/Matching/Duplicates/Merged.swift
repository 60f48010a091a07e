import JSON
import ServiceKit
import Vocabulary

extension Profile {
    func requireNotMerged() throws {
        guard let kept = mergedInto else { return }
        throw Fault.failedPrecondition(
            rule: "profile.merged",
            Bilingual(
                ko: "중복으로 합쳐진 \(Kind.name.ko)입니다. \(kept)을(를) 쓰세요.",
                en: "This \(Kind.name.en) was a duplicate and was merged. Use \(kept)."),
            data: ["mergedInto": .string(kept.description)])
    }
}

extension Organisations.Organisation {
    func requireNotMerged() throws {
        guard let kept = mergedInto else { return }
        throw Fault.failedPrecondition(
            rule: "organisation.merged",
            Bilingual(
                ko: "중복으로 합쳐진 기관입니다. \(kept)을(를) 쓰세요.", en: "This organisation was merged. Use \(kept)."),
            data: ["mergedInto": .string(kept.description)])
    }
}
