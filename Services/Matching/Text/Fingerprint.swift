import ServiceKit
import Storage

extension Tokeniser {
    /// To be raised with every change of what a profile's text or traits are made of, where no sample shows it.
    private static let revision: UInt64 = 2

    /// A number that is another when texts give other terms or terms other impacts: an index that was kept under
    /// another one is not used.
    var fingerprint: UInt64 {
        var words = [
            Self.revision, UInt64(Traits.wordCount), BM25.standard.k1.bitPattern, BM25.standard.b.bitPattern,
        ]
        words += ServiceDefinition.version.utf8.map { UInt64($0) }
        var samples = [Self.sample]
        for concept in thesaurus.concepts {
            words += concept.id.utf8.map { UInt64($0) }
            for name in concept.names { samples.append(([name.text] + name.context).joined(separator: " ")) }
        }
        for sample in samples {
            let vector = vector(of: sample)
            words += vector.terms.map(\.bits) + vector.counts.map { UInt64($0) }
        }
        return Checksum.of(words)
    }

    private static let sample = """
        질량분석 장비의 분해능 1 nm급, 0.5㎛ 두께; LC/MS·GC-MS(Wi-Fi) 12,000대 TRL4 ＣＯ２ 빛 의 힘 R-COSTII 3D프린팅 AI 漢字 été Ω
        """
}
