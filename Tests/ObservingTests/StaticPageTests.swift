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
        #expect(parts[0] + "null" + (parts[1].dropFirst(json.count)) == String(decoding: StaticPage.bytes, as: UTF8.self)
            .replacingOccurrences(of: "<script id=\"state\" type=\"application/json\">", with: ""))
    }

    @Test func aPageThatCannotBeKeptIsAFailure() throws {
        struct Full: Error {}
        let served = try ServedDashboard(keep: { _ in throw Full() })
        #expect(throws: Full.self) { try served.finish() }
        #expect(throws: POSIXError.self) { try WebClient(port: served.port) }
    }

    @Test func aLineTurnsUntilItIsToldToStop() throws {
        let served = try ServedDashboard(isServed: false)
        let heard = Heard()
        var looks = 0
        try TurningLine(to: heard, clock: served.clock).run {
            looks += 1
            return looks > 3
        }
        let angles = heard.events.compactMap { event -> Float? in
            guard case .pictured(let pictures) = event, case .line(let angle) = pictures.first else { return nil }
            return angle
        }
        #expect(angles.count == 3)
        #expect(Set(angles).count == 3 && angles.allSatisfy { (0..<Float.pi * 2).contains($0) })
        #expect(heard.isFinished)
        try TurningLine(to: heard, clock: served.clock).run(seconds: 0) { false }
        #expect(heard.events.count == 3 + 4)
    }

    private final class Heard: RunObserver {
        var events: [TrainingEvent] = []
        var isFinished = false

        func observe(_ event: TrainingEvent, at moment: Moment) { events.append(event) }

        func finish(at moment: Moment, failure: String?) { isFinished = true }
    }
}
