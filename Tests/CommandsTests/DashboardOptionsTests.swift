import Diagnostics
import Testing

@testable import Commands
@testable import Observing

@Suite struct DashboardOptionsTests {
    private func listener(_ line: String, isTerminal: Bool) throws -> DashboardListener? {
        let options = try CoordinatorOptions.parse(
            line.split(separator: " ").map(String.init), environment: [:], questions: someQuestions)
        return try Dashboard.listener(options, isTerminal: isTerminal)
    }

    @Test func aPersonAtATerminalHasPictures() throws {
        #expect(try listener("q3", isTerminal: true) != nil)
        #expect(try listener("q3", isTerminal: false) == nil)
        #expect(try listener("--quiet q3", isTerminal: true) == nil)
        #expect(try listener("--no-graphics q3", isTerminal: true) == nil)
        #expect(try listener("--quiet --dashboard 127.0.0.1:0 q3", isTerminal: false) != nil)
    }

    @Test func anotherPortIsTakenWhereTheUsualOneIsBusy() throws {
        // Whoever has the usual one, it is busy now.
        let first = try listener("q3", isTerminal: true)
        let second = try #require(try listener("q3", isTerminal: true))
        #expect(first?.address.port != second.address.port)
        #expect(second.address.port != DashboardAddress.defaultPort)
        #expect(second.url == "http://127.0.0.1:\(second.address.port)/")
    }

    @Test func theAddressIsReadWithTheOptions() throws {
        let options = try CoordinatorOptions.parse(
            ["--dashboard", "localhost:99", "--html", "f", "q3"], environment: [:], questions: someQuestions)
        #expect(options.dashboard == (try DashboardAddress("127.0.0.1:99")))
        #expect(options.htmlFile == "f")
        for option in ["--dashboard 127.0.0.1:1", "--html f"] {
            let failure = try #require(throws: Failure.self) {
                try listener("--no-graphics \(option) q3", isTerminal: true)
            }
            #expect(failure.category == .usage && failure.description.contains("--no-graphics"))
        }
    }
}
