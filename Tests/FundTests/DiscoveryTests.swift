import JSON
import ServiceKit
import Testing

@testable import Fund

@Suite struct DiscoveryTests {
    @Test func everyMethodIsDescribed() async throws {
        let kit = try TestService(Fund.service)
        let document = try await kit.call("rpc.discover")
        let methods = (document["methods"]?.array ?? []).filter { $0["name"]?.string?.hasPrefix("fund.") == true }
        #expect(methods.count == Fund.service.methods.count)
        for method in methods {
            #expect(method.at("/result/schema/properties") != nil, "\(method["name"]?.text ?? "")")
        }
    }
}
