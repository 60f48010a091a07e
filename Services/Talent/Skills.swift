import Foundation
import JSON
import ServiceKit
import Storage
import Vocabulary

/// Skills: free text in, codes of a small bilingual vocabulary out. What the vocabulary does not know is kept as
/// `free:<text>`, so that two who write the same still meet.
enum Skills {
    /// How well; the order counts.
    enum Level: String, Codable, CaseIterable, Sendable, Named, SQLValue {
        case basic, working, expert

        var rank: Int { self == .basic ? 1 : self == .working ? 2 : 3 }
        var name: Bilingual {
            switch self {
            case .basic: Bilingual(ko: "기초", en: "basic")
            case .working: Bilingual(ko: "실무", en: "working")
            case .expert: Bilingual(ko: "전문가", en: "expert")
            }
        }
    }

    private static let terms = Dictionary(uniqueKeysWithValues: SkillTerm.all.map { ($0.code, $0) })
    /// Every code, name and alias, folded. The first term that claims a word keeps it.
    private static let words: [String: String] = SkillTerm.all.reduce(into: [:]) { words, term in
        for text in [term.code, term.name.ko, term.name.en] + term.aliases {
            let word = folded(text)
            if words[word] == nil { words[word] = term.code }
        }
    }
    private static let free = "free:"
    static let longest = 60

    /// Width, case, spaces and punctuation do not matter; `+` and `#` do (C++, C#).
    static func folded(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping.lowercased()
            .filter { $0.isLetter || $0.isNumber || $0 == "+" || $0 == "#" }
    }

    /// The code of a text; nil if nothing is left of it.
    static func code(of text: String) -> String? {
        if terms[text] != nil { return text }
        let plain = text.hasPrefix(free) ? String(text.dropFirst(free.count)) : text
        let word = folded(plain)
        guard !word.isEmpty else { return nil }
        return words[word] ?? free + word
    }

    static func name(of code: String) -> Bilingual {
        let word = code.hasPrefix(free) ? String(code.dropFirst(free.count)) : code
        return terms[code]?.name ?? Bilingual(ko: word, en: word)
    }

    /// Codes whose name or alias holds the text, best known first; all for none.
    static func search(_ text: String?) -> [SkillTerm] {
        guard let text, case let word = folded(text), !word.isEmpty else { return SkillTerm.all }
        return SkillTerm.all.filter { term in
            ([term.code, term.name.ko, term.name.en] + term.aliases).contains { folded($0).contains(word) }
        }
    }

    static func isKnown(_ code: String) -> Bool { terms[code] != nil }

    static func group(of code: String) -> Substring? { terms[code]?.group }
}

extension Skills {
    /// The code of a text that a caller sent; faults do not repeat what might be personal.
    static func checked(_ text: String, at pointer: String) throws -> String {
        let plain = try PlainText.checked(text, at: pointer, length: 1...longest)
        guard let code = code(of: plain) else {
            throw Fault.invalid(
                pointer, nil, Bilingual(ko: "글자나 숫자가 있어야 합니다", en: "must have a letter or a digit"))
        }
        return code
    }

    struct Search: Codable, Sendable { let text: String? }
    struct Term: Codable, Sendable {
        let code: String
        let name: Bilingual
        let aliases: [String]
    }
    struct Terms: Codable, Sendable { let items: [Term] }

    struct Normalise: Codable, Sendable, Constrained {
        let texts: [String]
        static let constraints: [String: Schema.Constraint] = ["texts": .count(1...100)]
    }
    struct Normalised: Codable, Sendable {
        struct Item: Codable, Sendable {
            let code: String
            let name: Bilingual
            /// False for a text that the vocabulary does not know; it is matched by its letters.
            let known: Bool
        }
        let items: [Item]
    }

    static let methods: [Method] = [
        .query(
            "talent.skills.list",
            Bilingual(ko: "기술 어휘를 찾는다", en: "Searches the skill vocabulary"), role: .viewer
        ) { (p: Search, _: Read) throws -> Terms in
            Terms(items: search(p.text).map { Term(code: $0.code, name: $0.name, aliases: $0.aliases) })
        },
        .query(
            "talent.skills.normalise",
            Bilingual(ko: "자유로운 표현을 기술 코드로 바꾼다", en: "Turns free text into skill codes"), role: .viewer
        ) { (p: Normalise, _: Read) throws -> Normalised in
            Normalised(
                items: try p.texts.enumerated().map { place, text in
                    let code = try checked(text, at: "/texts/\(place)")
                    return Normalised.Item(code: code, name: name(of: code), known: isKnown(code))
                })
        },
    ]
}
