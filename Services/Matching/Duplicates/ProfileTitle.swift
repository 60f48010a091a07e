/// A title by which two profiles are seen to be the same: without case, blanks and signs. Long ones are cut; what
/// follows a hundred letters does not make a different title.
enum ProfileTitle {
    static func key(_ title: String) -> String {
        String(title.precomposed.lowercased().filter { $0.isLetter || $0.isNumber }.prefix(100))
    }
}
