import Foundation
import Testing

@testable import Commands

private let groff = Tool(path: "/usr/bin/groff")
private let manual = Tool(path: "/usr/bin/man")

@Suite struct RoffTests {
    @Test(arguments: [
        ("--a-b", "\\-\\-a\\-b"), (".TH x", "\\&.TH x"), ("'s", "\\(aqs"), ("a\\b\"c", "a\\(rsb\\(dqc"),
        ("~^`", "\\(ti\\(ha\\(ga"), ("a…𝛑", "a\\[u2026]\\[u1D6D1]"), ("a\n.b", "a .b"), ("", ""),
    ])
    func textIsEscaped(text: String, source: String) {
        #expect(Roff.text(text) == source)
    }

    @Test(.enabled(if: groff.isThere, "tools/setup test installs groff"))
    func escapedTextComesOutAsItWasWritten() throws {
        let scratch = try TestFolder()
        let texts = [".TH no request", "'so too", "a\\fBb\\fR \\n c", "--x-y 'q' \"d\" `b` ^h ~t %c", "×·… − µ ≤"]
        let lines = [".TH T 1", ".nh", ".SH NAME"] + texts.flatMap { [Roff.text($0), ".br"] }
        try scratch.write(lines.joined(separator: "\n") + "\n", to: "t.1")
        let output = try groff.run(["-man", "-Tutf8", "-ww", "-P-cbou", scratch.path + "/t.1"])
        for text in texts { #expect(output.contains(text), "\(output)") }
    }
}

/// The manual pages as groff and man show them.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(if: groff.isThere && manual.isThere, "tools/setup test installs groff and man-db"))
struct ManualPageTests {
    private let scratch: TestFolder

    init() throws { scratch = try TestFolder() }

    /// A page in a wide window, without bold and italics.
    private func shown(_ command: Option.Command) throws -> String {
        let page = ManualPage(command, questions: someQuestions)
        try scratch.write(page.source, to: "\(page.name).1")
        return try manual.run(
            ["--warnings", "-l", "\(scratch.path)/\(page.name).1"],
            environment: ["MANWIDTH": "200", "LC_ALL": "C.UTF-8", "MANPAGER": "cat", "GROFF_NO_SGR": "", "MANOPT": ""])
    }

    @Test(arguments: Option.Command.allCases) func everythingIsShownAndNothingWarnedOf(command: Option.Command) throws {
        let text = try shown(command)
        #expect(!text.contains("warning") && !text.contains("\\["), "\(text)")
        for title in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES", "SEE ALSO"] {
            #expect(text.contains("\n\(title)\n"), "\(title)")
        }
        let description = command.description(someQuestions)
        for line in description.usage + description.examples.map(\.line) + description.text {
            #expect(isShown(line, in: text), "\(line)")
        }
        for option in OptionTable.options(of: command) {
            #expect(isShown(option.usage, in: text) == (option.group != nil), "\(option.usage)")
            #expect(isShown(option.help, in: text) == (option.group != nil), "\(option.help)")
            if let variable = option.variable { #expect(isShown(variable, in: text), "\(variable)") }
        }
        for row in description.exitCodes { #expect(isShown("\(row.word) \(row.meaning)", in: text), "\(row.word)") }
        for (word, named) in command.subcommands {
            #expect(isShown("\(word) \(named.description(someQuestions).summary)", in: text), "\(word)")
        }
    }

    /// Whether a text is there, however it is broken into lines.
    private func isShown(_ text: String, in page: String) -> Bool {
        func joined(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        return joined(page).contains(joined(text))
    }

    @Test(arguments: Option.Command.allCases, ["utf8", "ascii", "html"])
    func groffWarnsOfNothing(command: Option.Command, device: String) throws {
        let page = ManualPage(command, questions: someQuestions)
        try scratch.write(page.source, to: "page.1")
        let output = try groff.run(["-man", "-T\(device)", "-ww", "-z", scratch.path + "/page.1"])
        #expect(output.isEmpty, "\(output)")
    }

    @Test func otherPagesAreNamed() throws {
        let text = try shown(.verify)
        #expect(text.contains("coordinator(1)") && text.contains("coordinator-export(1)") && text.contains("worker(1)"))
        #expect(!text.contains("coordinator-verify(1)") && !text.contains("benchmark-scaling(1)"))
    }
}
