import JSON
import Vocabulary

/// One demand or technology on a page.
struct ProfileView: Sendable {
    let json: JSON
    /// Of organisations, by identifier.
    let names: [String: String]

    static func state(_ state: String) -> String {
        switch state {
        case "draft": words("작성 중", "draft")
        case "submitted": words("검토 대기", "submitted")
        case "onHold": words("보완 필요", "on hold")
        case "rejected": words("반려", "rejected")
        case "published": words("공개", "published")
        case "withdrawn": words("철회", "withdrawn")
        case "expired": words("만료", "expired")
        default: state
        }
    }

    static func partnership(_ code: String) -> String {
        switch code {
        case "assignment": words("양도", "assignment")
        case "licence": words("실시권", "licence")
        case "guidance": words("기술지도", "technical guidance")
        case "jointResearch": words("공동연구", "joint research")
        case "jointVenture": words("합작투자", "joint venture")
        case "merger": words("인수·합병", "merger or acquisition")
        default: code
        }
    }

    /// What a step of the history did.
    static func action(_ action: String) -> String {
        switch action {
        case "created": words("작성", "created")
        case "edited": words("고침", "edited")
        case "submitted": words("제출", "submitted")
        case "reviewed": words("검토", "reviewed")
        case "published": words("공개", "published")
        case "held": words("보완 요청", "put on hold")
        case "rejected": words("반려", "rejected")
        case "renewed": words("연장", "renewed")
        case "withdrawn": words("철회", "withdrawn")
        case "expired": words("만료", "expired")
        case "merged", "mergedInto": words("합침", "merged")
        case "moved": words("기관 바뀜", "moved")
        default: action
        }
    }

    var text: String {
        var lines = [Terminal.strong(Table.wrapped(string("title"), Table.pageWidth).joined(separator: "\n"))]
        lines.append(Terminal.faint(string("id")) + " · " + Self.state(string("state")))
        lines.append("")
        add(&lines, words("기관", "Organisation"), names[string("organisationId")] ?? string("organisationId"))
        add(&lines, words("요약", "Summary"), string("summary"))
        add(&lines, words("설명", "Description"), string("description"))
        add(&lines, words("장점", "Advantages"), string("advantages"))
        add(&lines, words("핵심어", "Keywords"), texts("keywords").joined(separator: ", "))
        add(&lines, "TRL", json["trl"]?.integer.map(String.init) ?? "")
        add(&lines, words("기술 분야", "Fields"), named("fields", ScienceField.self))
        add(&lines, words("산업", "Industries"), named("industries", StrategicIndustry.self))
        add(
            &lines, words("지역", "Region"),
            Region(rawValue: string("region")).map { words($0.name.ko, $0.name.en) } ?? "")
        add(&lines, words("특허", "Patents"), texts("patents").joined(separator: ", "))
        add(&lines, words("협력 유형", "Partnership"), texts("partnerships").map(Self.partnership).joined(separator: ", "))
        add(&lines, words("유효기간", "Valid until"), String(string("validUntil").prefix(10)))
        add(&lines, words("출처", "Source"), string("source"))
        lines.append("")
        lines.append("→ " + words("어울리는 상대: ", "What fits: ") + "ieum recommend \(string("id"))")
        return lines.joined(separator: "\n")
    }

    private func string(_ member: String) -> String { json[member]?.string ?? "" }
    private func texts(_ member: String) -> [String] { (json[member]?.array ?? []).compactMap(\.string) }

    private func named<T: Named & RawRepresentable<String>>(_ member: String, _ type: T.Type) -> String {
        texts(member).map { code in T(rawValue: code).map { words($0.name.ko, $0.name.en) } ?? code }
            .joined(separator: ", ")
    }

    private func add(_ lines: inout [String], _ title: String, _ text: String) {
        guard !text.isEmpty else { return }
        lines.append(Table.marked(Table.padded(title, 14), text.split(separator: "\n").joined(separator: " ")))
    }
}
