import Foundation
import Testing
import WebClient

/// Runs that somebody looks at.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DashboardRunTests {
    /// A run that does not end while somebody looks.
    private static let endless = [
        "--set", "epochs=1000000", "--set", "evaluationInterval=1000000", "q2",
    ]
    /// A run of a question that has pictures.
    private static let pictured = ["--set", "epochs=3", "--set", "batchSize=64", "--set", "hidden=[16]", "q3"]

    /// Starts a run with a dashboard; returns the port it says.
    private func start(
        _ coordinator: Coordinator, _ arguments: [String], isQuiet: Bool = true
    ) throws -> (program: RunningProgram, port: UInt16) {
        let program = try coordinator.start(["--dashboard", "127.0.0.1:0"] + arguments, isQuiet: isQuiet)
        try program.waitForErrors(containing: "/\n")
        let line = try #require(program.errorsSoFar.split(separator: "\n").first)
        #expect(line.hasPrefix("pictures: http://127.0.0.1:"))
        return (program, try #require(UInt16(line.split(separator: ":").last?.dropLast() ?? "")))
    }

    private func open(_ port: UInt16) throws -> WebClient {
        let client = try WebClient(port: port)
        try client.ask("/events")
        #expect(try client.head().status == 200)
        return client
    }

    private func object(_ json: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
    }

    private func question(_ state: [String: Any]) -> [String: Any]? { (state["questions"] as? [[String: Any]])?.first }

    /// The bytes a process has resident.
    private func resident(_ process: Int32) throws -> Int {
        let status = FileManager.default.contents(atPath: "/proc/\(process)/status") ?? Data()
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let fields = line?.split(whereSeparator: \.isWhitespace) ?? []
        return try #require(fields.count > 1 ? Int(fields[1]) : nil) * 1024
    }

    @Test func `What the page is told agrees with the report`() throws {
        let coordinator = try Coordinator()
        let (program, port) = try start(
            coordinator, ["--report", coordinator.scratch.file("report.json")] + longRun)
        let client = try open(port)
        var last: [String: Any] = [:]
        var names: Set<String> = []
        while let event = try client.event() {
            names.insert(event.name)
            last = try object(event.data)
        }
        let result = try program.finish(within: .seconds(60))
        #expect(result.status < 2, "\(result.errors)")
        #expect(names == ["state", "change"])
        #expect(last["isOver"] as? Bool == true && last["failure"] is NSNull)
        let grade = try #require(question(last)?["grade"] as? [String: Any])
        let report = try #require(try coordinator.report("report.json").questions.first)
        for key in ["parametersSHA256", "passed", "points", "validation", "test", "metric"] {
            #expect("\(grade[key] ?? "-")" == "\(report[key] ?? "")", "\(key)")
        }
        #expect(question(last)?["step"] as? Int == report["steps"] as? Int)
        #expect((last["workers"] as? [Any])?.count == 2)
    }

    @Test func `Who looks does not change the result`() throws {
        let coordinator = try Coordinator()
        let alone = try coordinator.digest(["--workers", "2"] + longRun)
        let report = coordinator.scratch.file("watched.json")
        let (program, port) = try start(
            coordinator,
            ["--workers", "2", "--html", coordinator.scratch.file("page.html"), "--report", report] + longRun)
        let clients = try (0..<10).map { _ in try open(port) }
        let stalled = try WebClient(port: port, window: 4096)
        try stalled.ask("/events")
        for client in clients { while try client.event() != nil {} }
        #expect(try program.finish(within: .seconds(60)).status < 2)
        #expect(try coordinator.report("watched.json").questions.first?["parametersSHA256"] as? String == alone)
    }

    @Test func `A page is kept that needs no server`() throws {
        let coordinator = try Coordinator()
        let path = coordinator.scratch.file("page.html")
        #expect(try coordinator.run(["--html", path] + Self.pictured).status < 2)
        let page = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        let json = page.components(separatedBy: "<script id=\"state\" type=\"application/json\">").last?
            .components(separatedBy: "</script>").first
        let state = try object(Array(try #require(json).utf8))
        #expect(state["isOver"] as? Bool == true)
        let trained = try #require(question(state))
        #expect((trained["pictures"] as? [Any])?.isEmpty == false)
        #expect((trained["grade"] as? [String: Any])?["points"] != nil)
        #expect((trained["lossCurve"] as? [String: Any])?["values"] as? [Double] != [])
        #expect((state["timeline"] as? [Any])?.count == 32)
    }

    @Test func `With ten pages and one that does not read training goes on, and memory stays`() throws {
        let coordinator = try Coordinator()
        let (program, port) = try start(coordinator, ["--workers", "2"] + Self.endless)
        let clients = try (0..<10).map { _ in try open(port) }
        let stalled = try WebClient(port: port, window: 4096)
        try stalled.ask("/events")
        var step = 0
        var before = 0
        for round in 0..<20 {
            for client in clients {
                let event = try #require(try client.event())
                if let shown = question(try object(event.data))?["step"] as? Int {
                    #expect(shown >= step)
                    step = shown
                }
            }
            if round == 5 { before = try resident(program.processIdentifier) }
        }
        #expect(step > 100)
        #expect(try resident(program.processIdentifier) - before < 8 << 20)
        program.signal(SIGINT)
        #expect(try program.finish(within: .seconds(30)).status == 130)
    }

    @Test func `A thousand malformed requests leave memory as it is`() throws {
        let coordinator = try Coordinator()
        let (program, port) = try start(coordinator, ["--workers", "1"] + Self.endless)
        func pester(_ count: Int) throws {
            for number in 0..<count {
                let client = try WebClient(port: port)
                let texts = [
                    "GET /\(String(repeating: "a", count: number % 5000)) HTTP/1.1\r\nHost: evil\r\n\r\n",
                    "\u{0}\u{1}\u{2}\r\n\r\n", "GET / HTTP/1.1\r\n: \r\nHost",
                    "POST /state HTTP/1.1\r\nContent-Length: 9\r\n\r\n",
                    "GET / HTTP/1.1\r\nX: \(String(repeating: "b", count: 40_000))\r\n\r\n",
                    "GET /events HTTP/1.1\r\nHost: localhost:1\r\n\r\n",
                ]
                try? client.send(texts[number % texts.count])
                // Some leave before they are answered.
                if number % 2 == 0, number % texts.count != 2 {
                    if let answer = try? client.answer() { #expect((400..<500).contains(answer.status)) }
                }
            }
        }
        try pester(200)
        let before = try resident(program.processIdentifier)
        try pester(1000)
        let grown = try resident(program.processIdentifier) - before
        #expect(grown < 4 << 20, "\(grown) bytes more")
        #expect(try WebClient.ask("/state", port: port).status == 200)
        program.signal(SIGINT)
        #expect(try program.finish(within: .seconds(30)).status == 130)
    }

    @Test func `A signal is told to whoever looks`() throws {
        let coordinator = try Coordinator()
        let (program, port) = try start(coordinator, Self.endless)
        let client = try open(port)
        #expect(try client.event() != nil)
        program.signal(SIGTERM)
        var last: [UInt8] = []
        while let event = try client.event() { last = event.data }
        #expect(try program.finish(within: .seconds(30)).status == 143)
        #expect(try object(last)["failure"] as? String == "interrupted by a signal")
    }

    @Test func `A busy port is an error in a line`() throws {
        let coordinator = try Coordinator()
        let (program, port) = try start(coordinator, Self.endless)
        expectFailure(
            try coordinator.run(["--dashboard", "127.0.0.1:\(port)", "linear"]), 4, saying: "127.0.0.1:\(port)",
            "in use", "take another port")
        program.signal(SIGKILL)
        _ = try program.finish(within: .seconds(30))
    }

    @Test func `What does not go is refused at once`() throws {
        let coordinator = try Coordinator()
        expectFailure(
            try coordinator.run(["--dashboard", "0.0.0.0:5572", "linear"]), 2, saying: "only this machine", "ssh -L")
        expectFailure(
            try coordinator.run(["--dashboard", "127.0.0.1:0", "--no-graphics", "linear"]), 2, saying: "--dashboard",
            "--no-graphics")
        expectFailure(
            try coordinator.run(["--html", coordinator.scratch.file("none/page.html"), "linear"]), 3,
            saying: "cannot write page", "none/page.html")
    }

    @Test func `Where nobody watches there is no server`() throws {
        let result = try Coordinator().run(["linear"], isQuiet: false)
        #expect(!result.errors.contains("http"), "\(result.errors)")
    }
}
