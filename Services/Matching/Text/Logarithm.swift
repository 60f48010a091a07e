#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// The three functions of the C mathematics library that scores need, so that no other file chooses a platform.

func log1(_ value: Double) -> Double { log(value) }

func exponential(_ value: Double) -> Double { exp(value) }

/// ln cosh x without overflow.
func logCosh(_ value: Double) -> Double {
    let magnitude = abs(value)
    return magnitude + log1p(exp(-2 * magnitude)) - log(2)
}
