import Datasets
import Diagnostics
import FoundationEssentials
import Questions

/// The folder from which every peer trains the same: see `tools/peers/job.py`.
struct PeerJob {
    /// `job.json`, beside the recipe's keys.
    private struct Description: Codable {
        var question: String
        var steps: Int
        var warmUpSteps: Int
    }

    /// The folder.
    let folder: ScratchFolder

    /// Writes a job.
    ///
    /// - Throws: `Failure`.
    init(_ subject: BenchmarkSubject) throws {
        folder = try ScratchFolder()
        let start = try BenchmarkStart(
            subject.question, data: subject.data, seed: subject.seed, steps: subject.steps)
        try start.write(of: subject.question.name, to: folder.file("start.safetensors"))
        try subject.data.write(to: folder.file("data.safetensors"))
        let description = Description(
            question: subject.question.name, steps: subject.steps, warmUpSteps: subject.warmUpSteps)
        // The recipe's keys are JSON already, sorted and with the same bytes for the same recipe.
        let encoded = String(decoding: try JSONEncoder().encode(description).dropLast(), as: UTF8.self)
        let recipe = String(decoding: subject.configuration.canonicalJSON(), as: UTF8.self)
        try OutputFile(folder.file("job.json"), for: "job").write(
            Array("\(encoded),\"configuration\":\(recipe)}\n".utf8))
    }
}
