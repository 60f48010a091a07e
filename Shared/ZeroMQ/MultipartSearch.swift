import Glibc

extension Multipart {
    /// Whether these bytes occur in a frame. Nothing is allocated; quick when the first of them is rare.
    public func frame(_ index: Int, contains text: StaticString) -> Bool {
        let range = range(of: index)
        let count = text.utf8CodeUnitCount
        return unsafe bytes.withUnsafeBytes { all in
            guard var place = unsafe all.baseAddress.map({ unsafe $0 + range.lowerBound }) else { return false }
            let end = unsafe place + range.count
            while unsafe end - place >= count {
                let first = unsafe memchr(place, Int32(text.utf8Start.pointee), end - place - count + 1)
                guard let found = unsafe first else { return false }
                if unsafe memcmp(found, text.utf8Start, count) == 0 { return true }
                unsafe place = UnsafeRawPointer(found) + 1
            }
            return false
        }
    }
}
