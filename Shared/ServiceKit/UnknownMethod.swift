import JSON

extension Fault {
    /// What is told to who asks `service` for a method that it does not have, and where it probably is.
    static func unknownMethod(_ name: String, of service: String, known: some Collection<String>) -> Fault {
        let shown = String(name.prefix(100))
        return Fault(
            .methodNotFound, hint(shown, name, service, known), data: ["method": .string(shown)])
    }

    private static func hint(
        _ shown: String, _ name: String, _ service: String, _ known: some Collection<String>
    ) -> Bilingual {
        if name == "$/cancelRequest" {
            return Bilingual(
                ko: "'\(name)'는 알림입니다. id 없이 보내세요", en: "'\(name)' is a notification; send it without an id")
        }
        let parts = name.split(separator: ".")
        if parts.count > 1, !known.contains(where: { $0.hasPrefix(parts[0] + ".") }) {
            let other = parts[0].prefix(100)
            return Bilingual(
                ko: "'\(service)'에는 '\(shown)' 메서드가 없습니다. 서비스 '\(other)'(으)로 보내세요",
                en: "'\(service)' has no method '\(shown)'; send it to the service '\(other)'")
        }
        let near = known.filter { $0.split(separator: ".").last == parts.last }.sorted()
        let place = near.isEmpty ? "rpc.discover" : near.joined(separator: ", ")
        return Bilingual(
            ko: "'\(shown)' 메서드가 없습니다. 참고: \(place)", en: "there is no method '\(shown)'; see \(place)")
    }
}
