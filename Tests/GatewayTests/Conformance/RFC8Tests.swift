import JSON
import Majordomo
import ServiceKit
import Testing
import ZeroMQ

@testable import Gateway

/// RFC 8, the Majordomo management interface, as clients and workers of both versions see it.
@Suite struct RFC8Tests {
    private var stage = Stage()

    @Test(
        "RFC 8: a broker MUST implement mmi.service: 200 if at least one worker is registered for the service, else 404",
        arguments: Version.allCases)
    mutating func theDefaultServiceIsThere(version: Version) {
        let ask = { (stage: inout Stage) in stage.ask("echo", "mmi.service", version).map(\.body) }
        #expect(ask(&stage) == [["404"]])
        stage.register("a", "echo", .v01)
        stage.register("b", "echo", .v02)
        #expect(ask(&stage) == [["200"]])
        // Busy is registered all the same; the last one's end is the end.
        stage.ask("x")
        stage.ask("x")
        #expect(ask(&stage) == [["200"]])
        stage.send(.disconnect(.v01), from: "a")
        #expect(ask(&stage) == [["200"]])
        stage.send(.disconnect(.v02), from: "b")
        #expect(ask(&stage) == [["404"]])
        // The reply names the service that was asked, in the frames of the client's version.
        let reply = stage.ask("echo", "mmi.service", version)[0].message
        #expect(reply.text(2) == "mmi.service")
        #expect(reply.count == 4)
    }

    @Test("RFC 8: a broker MUST handle all services that start with \"mmi.\" internally", arguments: Version.allCases)
    mutating func theNamespaceIsTheBrokers(version: Version) {
        stage.register("w", "mmi", version)
        for name in ["mmi.", "mmi.x", "mmi.service.more", "mmi.Service", "mmi.\u{1}"] {
            #expect(stage.ask("echo", name, version).map(\.to) == ["client"], "\(name)")
        }
        // Nothing waits for a worker, and what only looks alike is a name like any other.
        #expect(stage.broker.requests.count == 0)
        #expect(stage.ask("echo", "mmi", version).map(\.to) == ["w"])
    }

    @Test(
        "RFC 8: it MUST disconnect any workers that attempt to register services in this namespace",
        arguments: Version.allCases)
    mutating func workersMayNotTakeTheNamespace(version: Version) {
        for name in ["mmi.", "mmi.service", "mmi.echo"] {
            #expect(stage.register("w", name, version) == [Sent("w", .disconnect(version))], "\(name)")
            #expect(stage.register("w", name, version, announcing: "{}") == [Sent("w", .disconnect(version))])
        }
        #expect(stage.broker.workers.count == 0)
        #expect(stage.ask("mmi.echo", "mmi.service", version)[0].body == ["404"])
    }

    @Test(
        "RFC 8: any unimplemented services in the \"mmi.\" namespace MUST result in a reply \"501\"",
        arguments: Version.allCases)
    mutating func theRestIsNotImplemented(version: Version) {
        for name in ["mmi.", "mmi.workers", "mmi.service2"] {
            #expect(stage.ask("echo", name, version).map(\.body) == [["501"]], "\(name)")
        }
    }
}
