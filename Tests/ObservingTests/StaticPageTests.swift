import Foundation
import Questions
import Testing
import Training
import WebClient

@testable import Observing

@Suite struct StaticPageTests {
    @Test func thePageHasOnePlaceForAState() {
        let page = String(decoding: StaticPage.bytes, as: UTF8.self)
        let place = "<script id=\"state\" type=\"application/json\">null</script>"
        #expect(page.components(separatedBy: place).count == 2)
        #expect(page.lowercased().hasPrefix("<!doctype html>"))
        #expect(!page.contains("http://") || page.contains("www.w3.org"), "nothing comes from elsewhere")
    }

    @Test func aKeptPageHoldsItsState() throws {
        var kept: [UInt8] = []
        let served = try ServedDashboard(keep: { kept = $0 }, isServed: false)
        served.observe(.start("q3"))
        served.observe(.note("</script><script>alert(1)</script>"))
        try served.finish()
        let page = String(decoding: kept, as: UTF8.self)
        let parts = page.components(separatedBy: "<script id=\"state\" type=\"application/json\">")
        #expect(parts.count == 2)
        let json = try #require(parts.last?.components(separatedBy: "</script>").first)
        let state = try Page(Array(json.utf8)).state
        #expect(state["isOver"] as? Bool == true)
        let note = (state["notes"] as? [[String: Any]])?.first
        #expect(note?["text"] as? String == "</script><script>alert(1)</script>")
        #expect(page.replacingOccurrences(of: json, with: "null") == String(decoding: StaticPage.bytes, as: UTF8.self))
    }

    @Test func aPageThatCannotBeKeptIsAFailure() throws {
        struct Full: Error {}
        let served = try ServedDashboard(keep: { _ in throw Full() })
        #expect(throws: Full.self) { try served.finish() }
        #expect(throws: POSIXError.self) { try WebClient(port: served.port) }
    }
}
