import Foundation

/// The door of libFuzzer, in the executable that `IEUM_FUZZ=1` builds (Package.swift). `IEUM_FUZZ_TARGET` names what
/// is fuzzed.
private let target = FuzzTarget(rawValue: ProcessInfo.processInfo.environment["IEUM_FUZZ_TARGET"] ?? "frames")

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let target else { fatalError("IEUM_FUZZ_TARGET: one of \(FuzzTarget.allCases.map(\.rawValue))") }
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do { try target.run(bytes) } catch { fatalError("\(error)") }
    return 0
}
