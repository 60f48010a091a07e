import JSON
import Vocabulary

/// The rules that two instants of a request must keep, as field errors.
enum Moments {
    static func orderErrors(_ start: Instant, _ end: Instant, _ startName: String = "start", _ endName: String = "end")
        -> [FieldError]
    {
        guard end <= start else { return [] }
        return [
            FieldError(
                "/\(endName)", .string(end.description),
                Bilingual(
                    ko: "\(startName)보다 뒤여야 합니다. 끝 시각은 구간에 들지 않습니다.",
                    en: "Must be after \(startName). The end does not belong to the interval."))
        ]
    }
}
