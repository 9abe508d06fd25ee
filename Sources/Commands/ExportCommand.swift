import Checkpoints
import Diagnostics

/// `coordinator export`: writes trained parameters for other programs.
enum ExportCommand {
    /// Writes the file.
    ///
    /// - Throws: `Failure`.
    static func run(_ options: ExportOptions) throws -> Int32 {
        let output = try OutputFile(options.output, for: "parameters")
        try output.write(try parameters(options).bytes(for: options.output))
        return 0
    }

    private static func parameters(_ options: ExportOptions) throws -> ParameterFile {
        switch options.source {
        case .parameters(let file): return try ParameterFile(contentsOf: file)
        case .checkpoint(let path):
            let (found, notes) = try CheckpointFolder(path, isWritten: false).newest(of: options.question)
            for note in notes { try StandardStream.error.write("coordinator export: \(note)\n") }
            guard let (checkpoint, _) = found else {
                throw Failure(
                    .data, "cannot export \(options.question)", at: path, because: "there is no checkpoint of it",
                    remedy: "train it with --checkpoint \(path)")
            }
            return ParameterFile(checkpoint.snapshot)
        }
    }
}
