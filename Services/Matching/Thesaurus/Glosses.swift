/// A Korean name with a Latin one in parentheses behind it: 이차이온 질량분석(SIMS).
struct Gloss: Sendable, Hashable {
    let ko: String
    let latin: String

    /// The glosses of a text, in their order. About half of what is found in ordinary Korean text is right as it stands;
    /// the usual error is a cut left boundary (계곡 for 죽음의 계곡), so a curator decides.
    static func mined(from text: String) -> [Gloss] {
        var glosses: [Gloss] = []
        let scalars = Scalars.normalised(text)
        for (place, scalar) in scalars.enumerated() where scalar == "(" {
            guard let end = scalars[place...].firstIndex(of: ")") else { break }
            let inside = scalars[(place + 1)..<end]
            let before = scalars[..<place].reversed().drop { $0 == " " }
            // Only the word before: how many more belong to the name, no rule tells.
            let word = before.prefix { $0.scalarClass == .syllable }
            guard (2...40).contains(inside.count), inside.allSatisfy(isLatin), inside.contains(where: isLetter),
                (2...12).contains(word.count)
            else { continue }
            let gloss = Gloss(ko: string(word.reversed()), latin: string(Array(inside)))
            if !glosses.contains(gloss) { glosses.append(gloss) }
        }
        return glosses
    }

    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.scalarClass {
        case .letter, .digit, .joiner: scalar.value < 0x250
        case .syllable, .other: scalar == " "
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.scalarClass == .letter }

    private static func string(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
