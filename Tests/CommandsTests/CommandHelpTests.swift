import Testing

@testable import Commands

@Suite struct CommandHelpTests {
    @Test(arguments: Option.Command.allCases)
    func aPageNamesEveryOptionAndFits(command: Option.Command) {
        let page = CommandHelp.page(for: command, questions: someQuestions)
        for option in OptionTable.options(of: command) {
            #expect(
                page.contains("  \(option.usage)\n") || page.contains("  \(option.usage)  ") == (option.group != nil))
        }
        for line in page.split(separator: "\n") {
            #expect(line.count <= CommandHelp.width, "\(line)")
        }
        #expect(page.contains("Usage: ") && page.contains("Exit codes:"))
    }

    @Test func everyOptionOfACommandHasOneRow() {
        for command in Option.Command.allCases {
            let names = OptionTable.options(of: command).map(\.name)
            #expect(Set(names).count == names.count, "\(command)")
        }
    }

    @Test func theQuestionsAreListedWithTheirPoints() {
        let page = CommandHelp.page(for: .train, questions: someQuestions)
        #expect(page.contains("  q3                      digits (5)\n"))
        #expect(page.contains("  mine                    my own\n"))
        #expect(page.contains("  all                     every graded question (10)\n"))
    }
}
