import Checkpoints
import Datasets
import Diagnostics
import NeuralNetworks
import Questions
import Tensors

/// `coordinator generate`: writes text with a trained model.
enum GenerateCommand {
    /// Writes text.
    ///
    /// - Throws: `Failure`.
    static func run(_ options: GenerateOptions) throws -> Int32 {
        let (question, _) = try CoordinatorCommand.prepare(options.question, options.configurations)
        let folder = try DataFolder(explicit: options.dataFolder, cache: try DataSetCache())
        let key = RandomKey(seed: options.seed)
        let model = try question.makeModel(try question.loadData(from: folder), key: key.child("parameters"))
        guard let writer = model as? CharacterGPT else {
            throw Failure(
                .usage, "cannot generate text", at: options.question, because: "its model writes no text",
                remedy: "take q7")
        }
        try ParameterFile(contentsOf: options.parametersFile)
            .copy(into: writer.parameters, path: options.parametersFile)
        let text = try writer.generate(
            options.prompt, length: options.length, temperature: options.temperature, topK: options.topK,
            key: key.child("generate"))
        try StandardStream.output.write(text + "\n")
        return 0
    }
}
