import Foundation
import Testing

@testable import Commands

/// The shells that are there.
private let shells = Shell.allCases.filter { CompletingShell.tool($0).isThere }

/// Every way to a command, as words, and the command: also `benchmark coordinator verify`.
private let ways: [(words: [String], command: Option.Command)] = {
    func below(_ words: [String], _ command: Option.Command) -> [(words: [String], command: Option.Command)] {
        [(words, command)] + command.subcommands.flatMap { below(words + [$0.word], $0.command) }
    }
    return Option.Command.programs.flatMap { below([$0.rawValue], $0) }
}()

/// What the shells themselves offer when their scripts are loaded.
@Suite(.timeLimit(.minutes(5))) struct CompletionTests {
    @Test func everyShellIsThere() {
        #expect(shells == Shell.allCases, "tools/setup test installs what is missing")
    }

    /// What is offered for command lines, with what is expected.
    private func expect(
        _ cases: [(line: [String], offers: Set<String>)], of shell: Shell
    ) throws {
        let answers = try CompletingShell(shell, questions: someQuestions).offers(for: cases.map(\.line))
        for (answer, expected) in zip(answers, cases) {
            #expect(answer == expected.offers, "\(shell): \(expected.line.joined(separator: " "))")
        }
    }

    @Test(arguments: shells) func everyOptionOfTheTableIsOffered(shell: Shell) throws {
        try expect(
            ways.map { way in
                let options = OptionTable.options(of: way.command).filter { $0.group != nil }
                return (way.words + ["--"], Set(options.map(\.dashed)))
            }, of: shell)
    }

    @Test(arguments: shells) func everyValueIsCompletedByItsKind(shell: Shell) throws {
        try expect(
            ways.flatMap { way in
                OptionTable.options(of: way.command).filter { $0.group != nil }.compactMap { option in
                    let offers: Set<String>
                    switch option.kind {
                    case .flag: return nil
                    case .choice(let words): offers = Set(words)
                    case .file: offers = [CompletingShell.file, CompletingShell.folder]
                    case .folder: offers = [CompletingShell.folder]
                    case .integer, .powerOfTwo, .integers, .span, .number, .text, .word: offers = []
                    }
                    return (way.words + [option.dashed, ""], offers)
                }
            }, of: shell)
    }

    @Test(arguments: shells) func firstWordsAreCommandsAndOperands(shell: Shell) throws {
        let questions = Set(someQuestions.map(\.name))
        let operands: [Option.Command: Set<String>] = [
            .train: questions.union(["all"]), .verify: questions.union(["all"]), .generate: questions,
            .export: questions, .completion: ["bash", "zsh", "fish"], .man: [CompletingShell.folder],
            .scaling: questions, .step: questions, .start: questions, .benchmark: [],
            .peers: ["q3", "q4", "q7", "q7-nanogpt", "all"],
        ]
        try expect(
            ways.compactMap { way in
                operands[way.command].map { words in
                    (way.words + [""], words.union(way.command.subcommands.map(\.word)))
                }
            }, of: shell)
    }

    @Test(arguments: shells) func whatIsOfferedFollowsFromWhatStandsBefore(shell: Shell) throws {
        // For bash it is readline that leaves out what does not begin as the word does.
        let files: Set = shell == .bash ? [CompletingShell.file, CompletingShell.folder] : [CompletingShell.file]
        let cases: [(line: String, offers: Set<String>)] = [
            ("coordinator --la", ["--launcher"]),
            ("coordinator ver", ["verify"]),
            ("/usr/bin/coordinator --launcher n", ["none"]),
            // Commands are commands in the first place only.
            ("coordinator --quiet ", ["linear", "q1", "q3", "mine", "all"]),
            ("coordinator --quiet verify --la", ["--launcher"]),
            ("coordinator q3 --la", ["--launcher"]),
            ("coordinator q3 mi", ["mine"]),
            // The second operand, and not what is the value of an option.
            ("coordinator export q3 al", files),
            ("coordinator export --checkpoint q3 mi", ["mine"]),
            ("benchmark start --set a=1 --seed 3 q3 al", files),
            ("benchmark coordinator export --parameters p q3 al", files),
            // Behind the last operand zsh offers options.
            (
                "coordinator export q3 out ",
                shell == .zsh ? ["--checkpoint", "--parameters", "--help", "--version"] : []
            ),
        ]
        try expect(
            cases.map { line, offers in
                (line.split(separator: " ", omittingEmptySubsequences: false).map(String.init), offers)
            }, of: shell)
    }
}

/// A real bash at a terminal: what stands on its command line after Tab, and is run.
@Suite(.timeLimit(.minutes(5)), .enabled(if: CompletingShell.tool(.bash).isThere)) struct TypingTests {
    @Test func tabCompletesWhatIsTyped() throws {
        let scratch = try TestFolder()
        try scratch.write(CompletionCommand.script(for: .bash, questions: someQuestions), to: "script")
        try FileManager.default.createDirectory(
            atPath: scratch.path + "/beta dir", withIntermediateDirectories: true)
        try scratch.write("", to: "alpha.txt")
        let start = """
            cd '\(scratch.path)'
            source ./script
            coordinator() { printf '<%s>' "$@" >>answers; echo >>answers; }

            """
        try scratch.write(start, to: "rc")
        let typed = [
            "coordinator --launcher=lo\t", "coordinator --data be\t", "coordinator --data=be\t mi\t",
            "coordinator --config al\tq3", "coordinator --seed al\t", "coordinator exp\t--check\tbe\t q3 al\t",
            "coordinator --listen tcp://0.0.0.0:5571 --launcher n\tmi\t", "exit",
        ]
        _ = try Tool(path: "/usr/bin/script").run(
            ["-qec", "/usr/bin/bash --noprofile --rcfile '\(scratch.path)/rc' -i", "/dev/null"],
            environment: ["TERM": "dumb", "INPUTRC": "/dev/null"], input: typed.joined(separator: "\n") + "\n")
        let answers = try String(contentsOfFile: scratch.path + "/answers", encoding: .utf8)
        #expect(
            answers == """
                <--launcher=local>
                <--data><beta dir/>
                <--data=beta dir/><mine>
                <--config><alpha.txt><q3>
                <--seed><al>
                <export><--checkpoint><beta dir/><q3><alpha.txt>
                <--listen><tcp://0.0.0.0:5571><--launcher><none><mine>

                """)
    }
}
