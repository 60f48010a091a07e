import JSON

/// One demand or technology that a person named: by its identifier, the beginning of that, or by its title.
struct FoundProfile: Sendable {
    let side: ProfileSide
    let id: String
    let title: String
}

extension Line {
    /// The profile that is meant, if only one can be.
    /// - Parameter sides: where it may stand.
    func profile(_ text: String, among sides: [ProfileSide] = ProfileSide.allCases) async throws -> FoundProfile {
        if let side = ProfileSide(id: text) {
            guard sides.contains(side) else { throw Failure.wrongSide(text, sides[0]) }
            if text.count == side.prefix.count + 32 {
                let profile = try await call("matching.\(side.rawValue).get", ["id": .string(text)])
                return FoundProfile(side: side, id: text, title: profile["title"]?.string ?? text)
            }
            return try Failure.only(await beginning(with: text, side), text)
        }
        var titled: [FoundProfile] = []
        for side in sides {
            let answer = try await call("matching.\(side.rawValue).search", ["text": .string(text), "limit": 20])
            titled += (answer["items"]?.array ?? []).compactMap { FoundProfile($0, side) }
        }
        let wanted = text.lowercased()
        let exact = titled.filter { $0.title.lowercased() == wanted }
        return try Failure.only(
            exact.isEmpty ? titled.filter { $0.title.lowercased().contains(wanted) } : exact, text, near: titled)
    }

    /// Identifiers sort as text, so that those that begin alike follow each other.
    private func beginning(with text: String, _ side: ProfileSide) async throws -> [FoundProfile] {
        let digits = text.dropFirst(side.prefix.count)
        guard digits.count < 32, digits.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else { return [] }
        let start = text + String(repeating: "0", count: 32 - digits.count)
        let answer = try await call("matching.\(side.rawValue).list", ["after": .string(start), "limit": 10])
        return (answer["items"]?.array ?? []).compactMap { FoundProfile($0, side) }.filter { $0.id.hasPrefix(text) }
    }

    /// The names of organisations, in the reader's language; one that cannot be read is left out.
    func organisationNames(_ ids: Set<String>) async -> [String: String] {
        await withTaskGroup(of: (String, String?).self) { group in
            for id in ids {
                group.addTask {
                    let organisation = try? await self.call("matching.organisations.get", ["id": .string(id)])
                    return (id, organisation?[words("nameKo", "nameEn")]?.string)
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}

extension FoundProfile {
    init?(_ item: JSON, _ side: ProfileSide) {
        guard let id = item["id"]?.string, let title = item["title"]?.string else { return nil }
        self.init(side: side, id: id, title: title)
    }
}

extension Failure {
    static func wrongSide(_ text: String, _ side: ProfileSide) -> Failure {
        Failure(
            .usage, words("\(text) 은(는) \(side.name)의 식별자가 아니다.", "\(text) names none of the \(side.name)."),
            next: words("\(side.prefix)… 를 준다.", "Give \(side.prefix)…."))
    }

    /// The one of a list, or why there is none.
    fileprivate static func only(_ found: [FoundProfile], _ text: String, near: [FoundProfile] = []) throws(Failure)
        -> FoundProfile
    {
        if let first = found.first, found.count == 1 { return first }
        let list = (found.isEmpty ? near : found).prefix(8).map { one in
            "  \(one.id)  " + Table.fitted(one.title, Table.pageWidth - 40)
        }
        guard !list.isEmpty else {
            throw Failure(
                .refused, words("‘\(text)’ 을(를) 찾을 수 없다.", "There is nothing like ‘\(text)’."),
                next: words("낱말로 찾는다: ieum find 낱말", "Look for words: ieum find WORDS"))
        }
        throw Failure(
            .usage,
            found.isEmpty
                ? words("‘\(text)’ 라는 제목은 없다. 비슷한 것:", "No title is ‘\(text)’. Near it:")
                    + "\n" + list.joined(separator: "\n")
                : words("‘\(text)’ 은(는) 여럿이다:", "‘\(text)’ may be several:") + "\n" + list.joined(separator: "\n"),
            next: words("식별자나 제목을 더 길게 쓴다.", "Give the identifier, or more of the title."))
    }
}
