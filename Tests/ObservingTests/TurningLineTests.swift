import Foundation
import Questions
import Testing
import Training
import WebClient

@testable import Observing

extension DashboardTests {
    @Suite struct TurningLines {
        @Test func aLineTurnsUntilItIsToldToStop() throws {
            let heard = Heard()
            let clock = RunClock()
            var looks = 0
            try TurningLine(to: heard, clock: clock).run {
                looks += 1
                return looks > 3
            }
            #expect(heard.angles.count == 3)
            #expect(Set(heard.angles).count == 3 && heard.angles.allSatisfy { (0..<Float.pi * 2).contains($0) })
            #expect(heard.isFinished)
            try TurningLine(to: heard, clock: clock).run(seconds: 0) { false }
            #expect(heard.angles.count == 3)
        }

        @Test func aBrowserSeesItTurn() throws {
            let listener = try DashboardListener(DashboardAddress(port: 0))
            let client = try WebClient(port: listener.port)
            try client.ask("/events")
            let read = DispatchQueue(label: "reader")
            let seen = SeenAngles()
            let done = DispatchSemaphore(value: 0)
            let reader = Reader(client: client)
            read.async {
                _ = try? reader.client.head()
                while let event = try? reader.client.event() { seen.add(event.data) }
                done.signal()
            }
            try TurningLine.show(at: listener, version: "1.2.3") { seen.count > 2 || seen.isLate }
            #expect(done.wait(timeout: .now() + 10) == .success)
            #expect(seen.count > 2)
            #expect(throws: POSIXError.self) { try WebClient(port: listener.port) }
        }

        private struct Reader: @unchecked Sendable {
            // Unchecked, because only one thread uses it.
            let client: WebClient
        }
    }
}

/// The angles that a browser was shown.
private final class SeenAngles: @unchecked Sendable {
    private let lock = NSLock()
    private let end = Date() + 30
    private var angles: Set<Double> = []

    func add(_ json: [UInt8]) {
        let question = ((try? Page.object(json))?["questions"] as? [[String: Any]])?.first
        let picture = (question?["pictures"] as? [[String: Any]])?.first
        if picture?["kind"] as? String == "line", let angle = picture?["angle"] as? Double {
            lock.withLock { _ = angles.insert(angle) }
        }
    }

    var count: Int { lock.withLock { angles.count } }
    var isLate: Bool { Date() > end }
}

private final class Heard: RunObserver {
    var angles: [Float] = []
    var isFinished = false

    func observe(_ event: TrainingEvent, at moment: Moment) {
        if case .pictured(let pictures) = event, case .line(let angle) = pictures.first { angles.append(angle) }
    }

    func finish(at moment: Moment, failure: String?) { isFinished = true }
}
