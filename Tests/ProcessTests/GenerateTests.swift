import Foundation
import Testing

/// Text from the parameters of a finished run.
@Suite(.serialized, .timeLimit(.minutes(5))) struct GenerateTests {
    private static let size = ["--set", "layerSize=8", "--set", "blocks=1"]

    private func generate(_ coordinator: Coordinator, _ arguments: [String]) throws -> Program.Result {
        try Program.run(
            "coordinator", ["generate", "--data", coordinator.scratch.data, "--length", "50"] + arguments,
            environment: coordinator.scratch.environment, deadline: .seconds(30))
    }

    @Test func `A trained model writes, and what does not fit is refused`() throws {
        let coordinator = try Coordinator()
        let file = coordinator.scratch.file("parameters")
        let recipe = ["--set", "epochs=1", "--set", "stepsPerEpoch=2", "--set", "batchSize=8"]
        let trained = try coordinator.run(["--parameters", file] + Self.size + recipe + ["q7"])
        #expect(trained.status == 0 || trained.status == 1, "\(trained.errors)")

        let text = try generate(coordinator, Self.size + ["--parameters", file, "--prompt", "The", "--seed", "1"])
        #expect(text.status == 0 && text.errors.isEmpty, "\(text.errors)")
        #expect(text.output.hasPrefix("The") && text.output.unicodeScalars.count == 3 + 50 + 1)
        let again = try generate(coordinator, Self.size + ["--parameters", file, "--prompt", "The", "--seed", "1"])
        #expect(again.output == text.output)
        let other = try generate(coordinator, Self.size + ["--parameters", file, "--prompt", "The", "--seed", "2"])
        #expect(other.output != text.output)

        let strange = try generate(coordinator, Self.size + ["--parameters", file, "--prompt", "\u{2603}"])
        expectFailure(strange, 2)
        let missing = try generate(coordinator, Self.size + ["--parameters", "/nonexistent/file"])
        expectFailure(missing, 3, saying: "/nonexistent/file")
        expectFailure(try generate(coordinator, ["--parameters", file]), 3, saying: file)
        expectFailure(try generate(coordinator, Self.size), 2, saying: "--parameters")
        try coordinator.scratch.write([1, 2, 3], to: "damaged")
        let damaged = try generate(coordinator, Self.size + ["--parameters", coordinator.scratch.file("damaged")])
        expectFailure(damaged, 3, saying: "damaged")
    }

    @Test func `Only q7 writes text`() throws {
        let coordinator = try Coordinator()
        let file = coordinator.scratch.file("parameters")
        #expect(try coordinator.run(["--set", "epochs=1", "--parameters", file, "linear"]).status == 1)
        expectFailure(try generate(coordinator, ["--parameters", file, "linear"]), 2, saying: "linear")
    }
}
