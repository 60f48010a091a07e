extension Collection<String> {
    /// The name that was probably meant by a misspelt one.
    public func nearest(to name: String) -> String? {
        let name = Array(name.utf8)
        return self.min { edits(Array($0.utf8), name) < edits(Array($1.utf8), name) }
    }
}

/// Levenshtein distance.
private func edits(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for i in a.indices {
        var diagonal = row[0]
        row[0] = i + 1
        for j in b.indices {
            let kept = row[j + 1]
            row[j + 1] = Swift.min(kept + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
            diagonal = kept
        }
    }
    return row[b.count]
}
