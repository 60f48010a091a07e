/// The proleptic Gregorian calendar as arithmetic on day numbers; day 0 is 1970-01-01.
/// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".)
struct CivilDate: Hashable {
    let year: Int
    let month: Int
    let day: Int

    /// Nil unless the date exists, in the years 0000 to 9999 that RFC 3339 can write.
    init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month),
            (1...Self.days(inMonth: month, ofYear: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Beyond a trillion days the nearest such day, so that no value traps.
    init(dayNumber: Int) {
        let shifted = min(max(dayNumber, -1_000_000_000_000), 1_000_000_000_000) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var dayNumber: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func days(inMonth month: Int, ofYear year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Reads fixed-width decimal fields from ASCII text.
struct FieldReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) {
        rest = Array(text.utf8)[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number(digits: Int) -> Int? {
        guard rest.count >= digits else { return nil }
        var value = 0
        for byte in rest.prefix(digits) {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        rest = rest.dropFirst(digits)
        return value
    }

    /// One byte of the given ones, consumed; nil leaves the text as it was.
    mutating func one(of bytes: String) -> Character? {
        guard let first = rest.first, bytes.utf8.contains(first) else { return nil }
        rest = rest.dropFirst()
        return Character(Unicode.Scalar(first))
    }

    /// `YYYY-MM-DD`.
    mutating func date() -> CivilDate? {
        guard let year = number(digits: 4), one(of: "-") != nil, let month = number(digits: 2), one(of: "-") != nil,
            let day = number(digits: 2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }
}

/// Appends a number with leading zeros; a year before 0000, which no input makes, shows its sign.
func appendPadded(_ number: Int, width: Int, to bytes: inout [UInt8]) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    let first = bytes.endIndex
    var rest = number.magnitude
    repeat {
        bytes.append(0x30 + UInt8(rest % 10))
        rest /= 10
    } while rest > 0
    while bytes.endIndex - first < width { bytes.append(0x30) }
    bytes[first...].reverse()
}

extension CivilDate {
    /// Appends `YYYY-MM-DD`.
    func append(to bytes: inout [UInt8]) {
        appendPadded(year, width: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendPadded(month, width: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendPadded(day, width: 2, to: &bytes)
    }
}
