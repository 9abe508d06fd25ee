import Foundation
import Testing

@testable import Questions

/// The example for readers: it learns, and the text that shows it is the code that was tested.
@Suite struct ExampleQuestionTests {
    @Test func spiralsAreLearned() throws {
        let question = try makeQuestion(Spirals.self, ExampleConfiguration.text)
        var loop = try TrainingLoop(question, seed: 0)
        try loop.train()
        #expect(try loop.evaluate(.test).accuracy >= question.goal.threshold)
    }

    @Test("the README shows the code and the configuration as they are") func readmeShowsTheCode() throws {
        let text = try String(contentsOf: packageRoot.appending(path: "README.md"), encoding: .utf8)
        let source = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "ExampleQuestion.swift"),
            encoding: .utf8)
        let parts = source.components(separatedBy: "// example ")
        try #require(parts.count == 3, "two markers")
        // In its own place the file is part of the module, and does not import it.
        let example = parts[1].dropFirst("begin\n".count).replacing("import Questions\n", with: "")
        #expect(text.contains("```swift\n\(example)```\n"), "the code in README.md differs")
        #expect(text.contains("```json5\n\(ExampleConfiguration.text)```\n"), "the configuration in README.md differs")
    }
}
