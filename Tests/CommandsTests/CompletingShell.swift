import Foundation
import Launching
import Testing

@testable import Commands

/// A program of the system that tests run, with a deadline.
struct Tool {
    let path: String

    /// Whether it is there.
    var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Runs it.
    ///
    /// - Parameter input: at most 4096 bytes of standard input.
    /// - Returns: what it wrote to standard output and standard error together.
    func run(_ arguments: [String], environment: [String: String] = [:], input: String = "") throws -> String {
        let command = ChildProcess.Command(
            path, arguments, environment: environment, secret: Array(input.utf8), output: .joined)
        let child = try ChildProcess(command, errors: LineTail(capacity: 100_000, lineLimit: 100_000))
        let status = try child.wait(within: .seconds(60))
        try #require(status?.isSuccess == true, "\(path): \(child.errors.lines.suffix(20))")
        return child.errors.lines.joined(separator: "\n")
    }
}

/// A folder of its own; gone with the object.
final class TestFolder: Sendable {
    let path = NSTemporaryDirectory() + "lockstep-\(UUID().uuidString)"

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
}

/// A real shell that has loaded its completion script, in a folder with a file and a folder.
struct CompletingShell {
    static let file = "alpha.txt"
    static let folder = "beta dir"

    let shell: Shell
    private let scratch: TestFolder

    /// Where Debian puts it.
    static func tool(_ shell: Shell) -> Tool { Tool(path: "/usr/bin/\(shell.rawValue)") }

    init(_ shell: Shell, questions: [QuestionSummary]) throws {
        self.shell = shell
        scratch = try TestFolder()
        try scratch.write(CompletionCommand.script(for: shell, questions: questions), to: "script")
        let work = scratch.path + "/work"
        try FileManager.default.createDirectory(atPath: "\(work)/\(Self.folder)", withIntermediateDirectories: true)
        try scratch.write("", to: "work/\(Self.file)")
    }

    /// What the shell offers for the last word of each command line.
    ///
    /// - Parameter lines: words without blanks; a word that was not begun is empty.
    func offers(for lines: [[String]]) throws -> [Set<String>] {
        let begun = "cd '\(scratch.path)/work'\n"
        let output: String
        switch shell {
        case .bash:
            // Files and folders are completed by readline, which the script asks for it.
            let start = """
                source ../script
                compopt() { if [[ $2 == default ]]; then echo '\(Self.file)'; fi; echo '\(Self.folder)'; }
                ask() {
                    echo "== "; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
                    _lockstep "$1"; printf '%s\\n' "${COMPREPLY[@]}"
                }

                """
            try scratch.write(begun + start + asking(lines), to: "ask")
            output = try Self.tool(.bash).run(["--noprofile", "--norc", scratch.path + "/ask"])
        case .fish:
            let start =
                "source ../script\nfunction ask\necho '== '\ncomplete -C \"$argv\" | cut -f 1\nend\n"
            try scratch.write(begun + start + asking(lines), to: "ask")
            output = try Self.tool(.fish).run(["--no-config", scratch.path + "/ask"])
        case .zsh: output = try askZsh(lines, begun)
        }
        let answers = (output + "\n").components(separatedBy: "== \n").dropFirst().map { answer in
            Set(answer.split(separator: "\n").map(Self.word))
        }
        try #require(answers.count == lines.count, "\(output.prefix(2000))")
        return Array(answers)
    }

    /// Calls of `ask`, one a line.
    private func asking(_ lines: [[String]]) -> String {
        lines.map { "ask " + $0.map { "'\($0)'" }.joined(separator: " ") + "\n" }.joined()
    }

    /// What zsh adds to its list in the line editor, which works at a terminal only.
    private func askZsh(_ lines: [[String]], _ begun: String) throws -> String {
        let queries = lines.map { "'" + $0.joined(separator: " ") + "'" }.joined(separator: " ")
        let start = """
            autoload -Uz compinit; compinit -D -u
            \(begun)source ../script
            compadd() {
                if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\\ * ]]; then
                    local -a hits
                    builtin compadd -A hits "$@"
                    print -rl -- ${(Q)hits} >>../answers
                fi
                builtin compadd "$@"
            }
            ask() {
                local query
                for query in \(queries); do
                    print -r -- '== ' >>../answers
                    BUFFER=$query CURSOR=$#query
                    zle list-choices
                done
                BUFFER=exit
                zle accept-line
            }
            zle -N ask
            bindkey '^T' ask

            """
        try scratch.write(start, to: ".zshrc")
        _ = try Tool(path: "/usr/bin/script").run(
            ["-qec", "\(Self.tool(.zsh).path) -i", "/dev/null"],
            environment: ["ZDOTDIR": scratch.path, "TERM": "dumb"], input: "\u{14}")
        return try String(contentsOfFile: scratch.path + "/answers", encoding: .utf8)
    }

    /// What is offered, without description and what a shell puts behind it.
    private static func word(_ line: Substring) -> String {
        let word = line.prefix { $0 != "\t" }.replacingOccurrences(of: "\\ ", with: " ")
        return word.hasSuffix("/") || word.hasSuffix("=") ? String(word.dropLast()) : word
    }
}
