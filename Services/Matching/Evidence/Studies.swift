import JSON
import ServiceKit

/// `matching.evidence`: what is known of success and failure, with its limits; never a score of one case.
enum Studies {
    static let methods: [Method] = [
        .immediate(
            "matching.evidence",
            Bilingual(
                ko: "기술사업화 성패 연구의 수치를 다시 계산해 한계와 함께 보여준다",
                en: "Shows the study of success and failure, recomputed, with its limits"), role: .viewer
        ) { (_: NoParameters, _: Call) throws -> CommercialisationStudy in .published }
    ]
}
