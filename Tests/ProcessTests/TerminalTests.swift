import Foundation
import Testing

/// Progress on a real terminal.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TerminalTests {
    /// Trains q3 for a moment, and gives what appeared, cut at every return to the beginning of the line.
    private func train(
        columns: UInt16, _ environment: [String: String] = [:], _ arguments: [String] = []
    ) throws -> (frames: [String], text: String) {
        let scratch = try Scratch()
        let variables = ["TERM": "xterm", "LC_ALL": "C.UTF-8", "NO_COLOR": "", "COLUMNS": ""]
        let training = ["--workers", "2", "--set", "epochs=40", "--set", "hidden=[64]", "q3"]
        let (status, text) = try PseudoTerminal(columns: columns).run(
            "coordinator", ["--data", scratch.data] + arguments + training,
            environment: scratch.environment.merging(variables) { $1 }.merging(environment) { $1 },
            within: .seconds(60))
        #expect(status == 0 || status == 1, "\(text)")
        // The terminal makes a return and a line feed of every line feed.
        let plain = text.replacingOccurrences(of: "\r\n", with: "\n")
        return (plain.components(separatedBy: "\r").filter { !$0.isEmpty }, plain)
    }

    private func visible(_ frame: String) -> String {
        frame.replacingOccurrences(of: "\u{1B}\\[[0-9;]*[A-Za-z]", with: "", options: .regularExpression)
    }

    @Test(arguments: [UInt16(24), 50, 80, 200]) func `The bar fits its window`(_ columns: UInt16) throws {
        let (frames, _) = try train(columns: columns)
        let bars = frames.map(visible).filter { $0.hasPrefix("q3 ") && !$0.contains("\n") }
        #expect(bars.count > 2, "\(frames)")
        for bar in bars { #expect(bar.count < Int(columns), "\(bar)") }
        #expect(frames.dropFirst().allSatisfy { $0.contains("\u{1B}[K") })
        guard columns >= 80 else { return }
        let full = bars.first { bar in
            ["█", " %  ", "loss 0.", columns == 80 ? "val " : "validation ", "(≥ 97.00 %)", "/s  ", " left"]
                .allSatisfy(bar.contains)
        }
        #expect(full != nil, "\(bars.suffix(3))")
    }

    @Test func `Nothing is left of the bar, and the result stands on a line of its own`() throws {
        let (frames, _) = try train(columns: 80)
        let last = try #require(frames.last)
        #expect(last.hasPrefix("\u{1B}[Kq3: ") && last.hasSuffix("\n"))
    }

    @Test func `A threshold that is met is green, unless colours are unwanted`() throws {
        #expect(try train(columns: 80).text.contains("\u{1B}[32m"))
        #expect(try !train(columns: 80, ["NO_COLOR": "1"]).text.contains("\u{1B}[3"))
    }

    @Test func `A terminal without Unicode gets none`() throws {
        let (frames, _) = try train(columns: 80, ["LC_ALL": "C"])
        let bars = frames.filter { $0.hasPrefix("q3 ") && !$0.contains("\n") }
        #expect(bars.contains { $0.contains("#") && $0.contains("of 97.00 %") })
        #expect(bars.allSatisfy { $0.unicodeScalars.allSatisfy(\.isASCII) })
    }

    @Test func `A terminal that cannot go back gets lines`() throws {
        let (_, text) = try train(columns: 80, ["TERM": "dumb"])
        #expect(!text.contains("\r") && !text.contains("\u{1B}") && text.contains("q3: step "))
    }

    @Test func `Quiet is only the result`() throws {
        let (_, text) = try train(columns: 80, [:], ["--quiet"])
        #expect(text.split(separator: "\n").count == 1 && text.hasPrefix("q3: "), "\(text)")
    }
}
