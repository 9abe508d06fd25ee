import Foundation
import Testing

/// One result, whatever the number of workers.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DigestTests {
    /// Every question with a recipe short enough for a test.
    static let recipes = [
        ["--set", "epochs=30", "linear"],
        ["--set", "epochs=20", "q1"],
        ["--set", "epochs=3", "q2"],
        ["--set", "epochs=1", "--set", "batchSize=512", "--set", "hidden=[16]", "q3"],
        ["--set", "epochs=1", "--set", "batchSize=1000", "--set", "hidden=[16]", "q4"],
        ["--set", "epochs=2", "--set", "hidden=[16]", "q5"],
        ["q6"],
        [
            "--set", "epochs=1", "--set", "stepsPerEpoch=3", "--set", "batchSize=13", "--set", "layerSize=16", "--set",
            "blocks=2", "q7",
        ],
    ]

    @Test(arguments: recipes) func `The number of workers does not show in the parameters`(_ recipe: [String]) throws {
        let coordinator = try Coordinator()
        let alone = try coordinator.digest(["--workers", "1"] + recipe)
        #expect(alone.count == 64)
        for workers in 2...4 {
            #expect(try coordinator.digest(["--workers", "\(workers)"] + recipe) == alone, "\(workers) workers")
        }
    }

    @Test(arguments: ["linear", "q1"]) func `The seed decides`(_ question: String) throws {
        let coordinator = try Coordinator()
        let recipe = ["--set", "epochs=10", question]
        let first = try coordinator.digest(["--seed", "4"] + recipe)
        #expect(try coordinator.digest(["--seed", "4"] + recipe) == first)
        #expect(try coordinator.digest(["--seed", "5"] + recipe) != first)
    }

    @Test(.enabled(if: Program.data != nil), arguments: [["--set", "epochs=1", "q3"], ["--set", "epochs=1", "q4"]])
    func `Real data give one result too`(_ recipe: [String]) throws {
        let data = ["--data", try #require(Program.data)]
        let coordinator = try Coordinator()
        let two = try coordinator.train(data + ["--workers", "2"] + recipe)
        let three = try coordinator.train(data + ["--workers", "3"] + recipe)
        #expect(two["parametersSHA256"] as? String == three["parametersSHA256"] as? String)
        #expect((two["data"] as? [String: Any])?["synthetic"] as? Bool == false)
    }
}
