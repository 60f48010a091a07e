// swift-tools-version:6.2
import PackageDescription

// Reading this file from top to bottom is reading the architecture: a target may use what stands above it.

// Outside code, named once.
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// One module that two or more services share: `Shared/<name>`.
func shared(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Shared/\(name)")
}

/// One service: one folder, one executable.
func service(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["ServiceKit", "Storage", "Vocabulary", "JSON", logging] + dependencies,
        path: "Services/\(name)", exclude: exclude)
}

/// The tests of one target: `Tests/<name>`.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude)
}

let package = Package(
    name: "ieum",
    products: [
        .executable(name: "ieum", targets: ["CommandLine"]),
        .executable(name: "ieum-gateway", targets: ["Gateway"]),
        .executable(name: "ieum-matching", targets: ["Matching"]),
        .executable(name: "ieum-fund", targets: ["Fund"]),
        .executable(name: "ieum-talent", targets: ["Talent"]),
        .executable(name: "ieum-testbed", targets: ["Testbed"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CZeroMQ", path: "Shared/CZeroMQ", providers: [.apt(["libzmq3-dev"]), .brew(["zeromq"])]),
        shared("ZeroMQ", ["CZeroMQ"]),
        shared("Majordomo", ["ZeroMQ", deque]),
        shared("JSON"),
        shared("Vocabulary", ["JSON"]),
        shared("Storage", [grdb, sqlite, deque]),
        shared("ServiceKit", ["JSON", "Majordomo", "ZeroMQ", "Storage", "Vocabulary", logging, unixSignals]),
        shared("Permissions", ["JSON", "ServiceKit", "ZeroMQ", yams]),
        shared("Daejeon", ["JSON", "Vocabulary"]),

        service("Gateway", ["Majordomo", "ZeroMQ", "Permissions", deque, unixSignals]),
        service("Matching", ["Daejeon"]),
        service("Fund"),
        service("Talent", [crypto]),
        service("Testbed"),
        service(
            "CommandLine",
            [argumentParser, "Majordomo", "ZeroMQ", "Permissions", "Daejeon", yams, subprocess, unixSignals],
            exclude: ["Containers"]),

        tests("ZeroMQTests", ["ZeroMQ"]),
        tests("MajordomoTests", ["Majordomo", "ZeroMQ"]),
        tests("JSONTests", ["JSON"]),
        tests("VocabularyTests", ["Vocabulary", "JSON"]),
        tests("StorageTests", ["Storage"]),
        tests("ServiceKitTests", ["ServiceKit", "ZeroMQ", "JSON", "Storage", "Vocabulary"]),
        tests("PermissionsTests", ["Permissions", "JSON", "ServiceKit", "ZeroMQ"]),
        tests("DaejeonTests", ["Daejeon", "JSON", "Vocabulary"]),
        tests(
            "GatewayTests",
            ["Gateway", "Majordomo", "ZeroMQ", "Permissions", "ServiceKit", "JSON", "Storage", "Vocabulary", logging]),
        tests(
            "MatchingTests", ["Matching", "ServiceKit", "JSON", "Storage", "Vocabulary", "Daejeon"], exclude: ["Cases"]),
        tests("FundTests", ["Fund", "ServiceKit", "JSON", "Storage", "Vocabulary"]),
        tests("TalentTests", ["Talent", "ServiceKit", "JSON", "Storage", "Vocabulary"]),
        tests("TestbedTests", ["Testbed", "ServiceKit", "JSON", "Storage", "Vocabulary"]),
        tests("CommandLineTests", ["CommandLine", "ServiceKit", "JSON", argumentParser, yams]),
        tests(
            "EndToEndTests",
            [
                "CommandLine", "Gateway", "Matching", "Fund", "Talent", "Testbed", "ServiceKit", "Majordomo", "ZeroMQ",
                "JSON", "Vocabulary", "Daejeon",
            ],
            exclude: ["Scenarios", "Stock"]),
        tests("SeedTests", ["Daejeon", "Matching", "Fund", "Talent", "Testbed", "ServiceKit", "JSON", "Vocabulary"]),
        tests(
            "FuzzTests", ["Gateway", "ServiceKit", "Majordomo", "ZeroMQ", "JSON", "Storage", "Vocabulary"],
            exclude: ["Corpus", "LibFuzzer.swift"]),
        tests("TidyTests", []),
    ],
    swiftLanguageModes: [.v6]
)

// `make fuzz`: instead of all services and tests one executable for libFuzzer, with the broker compiled into it.
if Context.environment["IEUM_FUZZ"] != nil {
    package.products = []
    package.targets.removeAll { $0.path?.hasPrefix("Shared/") == false }
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: ["ServiceKit", "Majordomo", "ZeroMQ", "JSON", "Storage", "Vocabulary", deque],
            path: ".", exclude: ["Tests/FuzzTests/CorpusTests.swift", "Tests/FuzzTests/Corpus"],
            sources: ["Services/Gateway/Broker", "Tests/FuzzTests"]))
}

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
        .strictMemorySafety(),
    ]
}

// libzmq's accept is answered by Shared/ZeroMQ/Door.swift, which says why; the linker must let libzmq see it.
for target in package.targets where target.name == "ZeroMQ" {
    target.linkerSettings = [.unsafeFlags(["-Xlinker", "--export-dynamic-symbol=accept4"], .when(platforms: [.linux]))]
}
