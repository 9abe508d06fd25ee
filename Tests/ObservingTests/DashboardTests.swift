import Foundation
import Questions
import Testing
import Training
import WebClient

@testable import Observing

/// A dashboard that is served at a port that the system chose.
struct ServedDashboard {
    let clock = RunClock()
    let dashboard: Dashboard
    let port: UInt16

    init(
        metrics: (@Sendable () -> String)? = nil, keep: (([UInt8]) throws -> Void)? = nil, isServed: Bool = true
    ) throws {
        dashboard = Dashboard(
            version: "1.2.3", seed: 7, wanted: ["q3"], clock: clock, metrics: metrics, keep: keep)
        let listener = try DashboardListener(DashboardAddress(port: 0))
        port = listener.address.port
        if isServed { try dashboard.serve(at: listener) }
    }

    func observe(_ event: TrainingEvent) { dashboard.observe(event, at: clock.now) }

    func finish(failure: String? = nil) throws { try dashboard.finish(at: clock.now, failure: failure) }

    /// Opens the stream of events, and reads its first state.
    func open(window: Int32? = nil) throws -> (client: WebClient, page: Page) {
        let client = try WebClient(port: port, window: window)
        try client.ask("/events")
        #expect(try client.head().status == 200)
        let event = try #require(try client.event())
        #expect(event.name == "state")
        return (client, try Page(event.data))
    }

    /// Waits until a condition holds, ten seconds at most.
    func wait(until condition: () -> Bool) -> Bool {
        for _ in 0..<1000 {
            if condition() { return true }
            usleep(10_000)
        }
        return condition()
    }
}

/// One server after the other, since all of them count threads and sockets of this process.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DashboardTests {}

extension DashboardTests {
    @Suite struct Requests {
        @Test(arguments: ["localhost", "LocalHost", "127.0.0.1", "[::1]"])
        func thePageIsForThisMachine(host: String) throws {
            let served = try ServedDashboard()
            let answer = try WebClient.ask("/", port: served.port, ["Host: \(host):\(served.port)"])
            #expect(answer.status == 200)
            #expect(answer.body == StaticPage.bytes)
            #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
            let policy = try #require(answer.headers["content-security-policy"])
            #expect(policy.hasPrefix("default-src 'none';") && policy.contains("connect-src 'self'"))
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["x-frame-options"] == "DENY")
            #expect(answer.headers["referrer-policy"] == "no-referrer")
            #expect(answer.headers["cache-control"] == "no-store")
            #expect(!answer.headers.keys.contains { $0.hasPrefix("access-control") })
        }

        @Test(arguments: [
            "evil.example", "evil.example:PORT", "localhost", "localhost:1", "127.0.0.1.evil.example:PORT",
            "127.0.0.2:PORT", "[::2]:PORT", "localhost:PORT:PORT", "",
        ]) func anotherHostIsRefused(host: String) throws {
            let served = try ServedDashboard()
            let host = host.replacingOccurrences(of: "PORT", with: "\(served.port)")
            for path in ["/", "/events", "/state", "/metrics"] {
                #expect(try WebClient.ask(path, port: served.port, ["Host: \(host)"]).status == 421, "\(path)")
            }
            #expect(!served.dashboard.isWatched)
        }

        @Test func anotherSiteIsRefused() throws {
            let served = try ServedDashboard()
            #expect(try WebClient.ask("/state", port: served.port, ["Origin: http://evil.example"]).status == 403)
            #expect(try WebClient.ask("/state", port: served.port, ["Origin: null"]).status == 403)
            let own = "Origin: http://localhost:\(served.port)"
            #expect(try WebClient.ask("/state", port: served.port, [own]).status == 200)
        }

        @Test func oneHostIsNeeded() throws {
            let served = try ServedDashboard()
            let client = try WebClient(port: served.port)
            try client.send("GET / HTTP/1.1\r\n\r\n")
            #expect(try client.answer().status == 400)
            let host = "Host: localhost:\(served.port)"
            #expect(try WebClient.ask("/", port: served.port, [host, host]).status == 400)
        }

        @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW"])
        func anotherMethodIsRefused(method: String) throws {
            let served = try ServedDashboard()
            let answer = try WebClient.ask("/", port: served.port, method: method, ["Content-Length: 0"])
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == "GET, HEAD")
        }

        @Test(arguments: ["/", "/events", "/state", "/metrics"]) func headHasNoBody(path: String) throws {
            let served = try ServedDashboard(metrics: { "up 1\n" })
            let client = try WebClient(port: served.port)
            try client.ask(path, method: "HEAD")
            let head = try client.answer(to: "HEAD")
            #expect(head.status == 200)
            // What follows is the next answer.
            try client.ask("/nothing")
            #expect(try client.answer().status == 404)
            #expect(!served.dashboard.isWatched)
        }

        @Test(arguments: ["/index.html", "//", "/events/", "/..%2f..%2fetc/passwd", "/%00", "/state%00", "/metrics"])
        func anUnknownPathIsNotFound(path: String) throws {
            let served = try ServedDashboard()
            #expect(try WebClient.ask(path, port: served.port).status == 404)
        }

        @Test(arguments: [1025, 5000, 20_000, 200_000]) func aLongPathIsRefused(length: Int) throws {
            let served = try ServedDashboard()
            let path = "/" + String(repeating: "a", count: length)
            #expect(try WebClient.ask(path, port: served.port).status == 414)
        }

        @Test func aLongHeaderIsRefused() throws {
            let served = try ServedDashboard()
            let header = "X: " + String(repeating: "a", count: 40_000)
            #expect(try WebClient.ask("/", port: served.port, [header]).status == 431)
            let headers = (0..<4000).map { "X\($0): aaaaaaaa" }
            #expect(try WebClient.ask("/", port: served.port, headers).status == 431)
        }

        @Test func metricsAreWhatTheyAreGiven() throws {
            let served = try ServedDashboard(metrics: { "lockstep_steps_total 5\n" })
            let answer = try WebClient.ask("/metrics", port: served.port)
            #expect(answer.status == 200 && answer.text == "lockstep_steps_total 5\n")
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        }

        @Test func theStateIsToBeHadOnce() throws {
            let served = try ServedDashboard()
            served.observe(.start("q3"))
            served.observe(.step(1, loss: 0.25))
            for step in 2...4 {
                let answer = try WebClient.ask("/state", port: served.port)
                #expect(answer.status == 200 && answer.headers["content-type"] == "application/json")
                let question = (try Page(answer.body).state["questions"] as? [[String: Any]])?.first
                #expect(question?["step"] as? Int == step - 1)
                served.observe(.step(step))
            }
            #expect(!served.dashboard.isWatched)
        }

        @Test func nonsenseIsAnsweredOrCutOff() throws {
            let served = try ServedDashboard()
            for text in [
                "\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
                "GET / HTTP/1.1\r\nA\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost:\(served.port)\r\nContent-Length: -1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost:\(served.port)\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost:\(served.port)\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
                "GET / HTTP/1.1\r\nHost: localhost:\(served.port)\r\nContent-Length: 3\r\n\r\nabc",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            ] {
                let client = try WebClient(port: served.port, patience: 1)
                try client.send(text)
                client.close()
                if let answer = try? client.answer() { #expect(answer.status >= 400, "\(text)") }
            }
            #expect(try WebClient.ask("/", port: served.port).status == 200)
        }
    }
}
