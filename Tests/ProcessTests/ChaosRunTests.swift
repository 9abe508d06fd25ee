import Foundation
import Testing

/// Real runs under faults on purpose: the result is that of one undisturbed worker.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ChaosRunTests {
    /// Recipes that take some seconds, so that many faults strike.
    static let recipes = [
        ["--set", "epochs=100", "--set", "hidden=[64]", "q3"],
        ["--set", "epochs=60", "--set", "hidden=[64]", "q4"],
        [
            "--set", "epochs=2", "--set", "stepsPerEpoch=2000", "--set", "batchSize=52", "--set", "layerSize=32",
            "--set",
            "blocks=2", "q7",
        ],
        ["--set", "epochs=30000", "--set", "evaluationInterval=50", "q2"],
        ["--set", "epochs=200", "q1"],
    ]

    /// A worker at random is killed every 200 ms, from the first to the last.
    @Test(arguments: recipes) func `Kills throughout change nothing`(_ recipe: [String]) throws {
        let coordinator = try Coordinator()
        let undisturbed = try coordinator.digest(["--workers", "1"] + recipe)
        let killed = try coordinator.train(["--workers", "4", "--chaos", "kill=200ms"] + recipe)
        #expect(killed["parametersSHA256"] as? String == undisturbed)
        if recipe.last != "q1" {
            #expect(try #require((killed["faults"] as? [String: Any])?["workersLost"] as? Int) > 0)
        }
    }

    /// Every lost message costs some 50 ms, so that these are shorter.
    static let shortRecipes = [
        ["--set", "epochs=10", "--set", "hidden=[64]", "q3"],
        ["--set", "epochs=6", "--set", "hidden=[64]", "q4"],
        [
            "--set", "epochs=2", "--set", "stepsPerEpoch=100", "--set", "batchSize=52", "--set", "layerSize=32",
            "--set", "blocks=2", "q7",
        ],
    ]

    @Test(arguments: shortRecipes) func `All faults together change nothing`(_ recipe: [String]) throws {
        let coordinator = try Coordinator()
        let undisturbed = try coordinator.digest(["--workers", "1"] + recipe)
        let spec = "kill=3,stop=3,slow=1,drop=2%,seed=5"
        let result = try coordinator.run(
            ["--workers", "3", "--lease", "0.4", "--chaos", spec, "--report", coordinator.scratch.file("struck.json")]
                + recipe, isQuiet: false)
        #expect(result.status <= 1, "\(result.errors)")
        let struck = try #require(try coordinator.report("struck.json").questions.first)
        #expect(struck["parametersSHA256"] as? String == undisturbed)
        for fault in ["3 × kill", "3 × stop", "1 × slow"] { #expect(result.errors.contains(fault), "\(result.errors)") }
        #expect(try #require((struck["faults"] as? [String: Any])?["workersLost"] as? Int) > 0)
    }

    @Test func `Verify compares and says so`() throws {
        let coordinator = try Coordinator()
        let report = coordinator.scratch.file("verify.json")
        let result = try Program.run(
            "coordinator",
            ["verify", "--workers", "1,3", "--chaos", "kill=2,drop=1%", "--report", report, "--set", "epochs=2000"]
                + ["--set", "evaluationInterval=100", "q2"],
            environment: coordinator.scratch.environment)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("equal: every run of a question ended with the same parameters"))
        #expect(result.output.contains("3 workers, disturbed"))
        #expect(result.output.contains("processor features: "))
        #expect(result.errors.contains("2 × kill"))
        let whole = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: report))) as? [String: Any])
        let runs = try #require((whole["questions"] as? [[String: Any]])?.first?["runs"] as? [[String: Any]])
        #expect(runs.count == 4)
        #expect(Set(runs.compactMap { $0["parametersSHA256"] as? String }).count == 1)
    }
}
