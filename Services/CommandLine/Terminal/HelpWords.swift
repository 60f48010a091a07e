import Foundation

/// The parser's own words in Korean. What a command says about itself is bilingual where it is declared.
enum HelpWords {
    static func translate(_ text: String) -> String {
        guard Tongue.current == .ko else { return text }
        return phrases.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }

    private static let phrases: [(String, String)] = [
        ("OVERVIEW:", "개요:"), ("USAGE:", "쓰는 법:"), ("Usage:", "쓰는 법:"), ("ARGUMENTS:", "인자:"),
        ("OPTIONS:", "옵션:"), ("SUBCOMMANDS:", "명령:"), ("Error:", "오류:"), ("Help:", "도움말:"),
        ("Show help information.", "도움말을 보인다."), ("Show the version.", "버전을 보인다."),
        ("Show subcommand help information.", "명령의 도움말을 보인다."),
        ("for detailed help.", "로 자세히 볼 수 있다."), ("for more information.", "로 더 볼 수 있다."),
        ("See '", "'"), ("Missing expected argument", "빠진 인자"), ("Unexpected argument", "모르는 인자"),
        ("Unknown option", "모르는 옵션"), ("Missing value for", "값이 빠진 옵션"), ("Did you mean", "이것을 찾는가:"),
        ("is invalid for", "은(는) 쓸 수 없다:"), ("The value", "값"), ("(default:", "(기본:"), ("(values:", "(값:"),
    ]
}
