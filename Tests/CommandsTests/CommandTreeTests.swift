import Diagnostics
import Testing

@testable import Commands

@Suite struct CommandTreeTests {
    @Test(arguments: Option.Command.allCases) func everyCommandIsReachedFromAProgram(command: Option.Command) {
        func reaches(_ start: Option.Command) -> Bool {
            start == command || start.subcommands.contains { reaches($0.command) }
        }
        #expect(Option.Command.programs.contains(where: reaches))
        let words = command.subcommands.map(\.word)
        #expect(Set(words).count == words.count)
        #expect(words.allSatisfy { command.subcommand($0) != nil })
        #expect(command.subcommand("q3") == nil)
    }

    /// What people are told to type is read by the commands themselves.
    @Test(arguments: Option.Command.allCases) func examplesHaveOptionsThatThereAre(command: Option.Command) throws {
        let description = command.description(someQuestions)
        #expect(description.usage.allSatisfy { $0.hasPrefix(command.rawValue + " ") })
        #expect(!description.examples.isEmpty && !description.exitCodes.isEmpty && !description.text.isEmpty)
        for example in description.examples {
            var words = example.line.split(separator: " ").map(String.init)[...]
            guard var named = Option.Command.programs.first(where: { $0.rawValue == words.first }) else { continue }
            words.removeFirst()
            while let next = words.first.flatMap(named.subcommand) {
                named = next
                words.removeFirst()
            }
            words = words.prefix { !["|", ">"].contains($0) }
            #expect(throws: Never.self, "\(example.line)") {
                try ParsedOptions(Array(words), for: named, environment: [:])
            }
        }
    }

    @Test(arguments: [([], "no command given"), (["scalign"], "unknown command: scalign")])
    func aBenchmarkWithoutCommandIsTold(words: [String], start: String) throws {
        let parsed = try ParsedOptions(words, for: .benchmark, environment: [:])
        let failure = BenchmarkCommand.withoutCommand(parsed)
        #expect(failure.category == .usage)
        #expect(failure.description.hasPrefix(start))
        #expect(failure.remedy?.contains("scaling") == true)
    }

    @Test(arguments: [[], ["tcsh"], ["bash", "zsh"], [""]]) func aShellIsOneOfThree(words: [String]) throws {
        let failure = try #require(throws: Failure.self) {
            try CompletionOptions(ParsedOptions(words, for: .completion, environment: [:]))
        }
        #expect(failure.category == .usage && failure.remedy?.contains("bash, zsh, fish") == true)
    }

    @Test(arguments: [[], ["a", "b"], [""]]) func pagesGoIntoOneFolder(words: [String]) throws {
        let failure = try #require(throws: Failure.self) {
            try ManOptions(ParsedOptions(words, for: .man, environment: [:]))
        }
        #expect(failure.category == .usage)
    }
}
