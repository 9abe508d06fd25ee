import Foundation
import Testing

/// One run of several questions, of models of different sizes, with the same workers.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ManyQuestionsTests {
    @Test(arguments: [1, 3]) func `A question comes out as it does alone`(_ workers: Int) throws {
        let names = ["q2", "linear", "q6", "q1"]
        let coordinator = try Coordinator()
        let result = try coordinator.run(
            ["--workers", "\(workers)", "--report", coordinator.scratch.file("all.json")] + names)
        #expect(result.status <= 1, "\(result.errors)")
        let together = try coordinator.report("all.json").questions
        #expect(together.map { $0["question"] as? String } == names)
        for (name, report) in zip(names, together) {
            #expect(try coordinator.digest(["--workers", "2", name]) == report["parametersSHA256"] as? String)
        }
    }
}
