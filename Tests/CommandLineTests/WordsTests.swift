import Testing

@testable import CommandLine

@Suite struct WordsTests {
    @Test(arguments: [
        (["LANG": "ko_KR.UTF-8"], Tongue.ko), (["LANG": "en_US.UTF-8"], .en), ([:], .en),
        (["LC_ALL": "C", "LANG": "ko_KR.UTF-8"], .en), (["LC_ALL": "", "LC_MESSAGES": "ko", "LANG": "C"], .ko),
        (["IEUM_LANG": "ko", "LC_ALL": "en_US"], .ko), (["IEUM_LANG": "xx", "LANG": "ko_KR"], .ko),
    ])
    func theLanguageFollowsTheLocale(environment: [String: String], expected: Tongue) {
        #expect(Tongue(environment: environment) == expected)
    }

    @Test func tablesAlignHangul() {
        var table = Table(["서비스", "X"])
        table.row(["gateway", "1"])
        #expect(table.text == "서비스   X\ngateway  1")
        #expect(Table.width(of: "\u{1B}[32m응답\u{1B}[0m") == 4)
    }
}

@Suite struct SettingsTests {
    @Test func knowWhatTheyMayBe() {
        #expect(Settings.complaints(["IEUM_RUN": "/x", "IEUM_LANG": "ko", "PATH": "/bin"]).isEmpty)
        let complaints = Settings.complaints(["IEUM_DATE": "/x", "IEUM_LANG": "kr"])
        #expect(complaints.map(\.name) == ["IEUM_DATE", "IEUM_LANG"])
        #expect(complaints[0].complaint.contains("IEUM_DATA"))
    }
}
