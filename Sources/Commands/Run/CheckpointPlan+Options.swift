import Checkpoints

extension CheckpointPlan {
    /// Reads the options, and opens the folder; nil if no checkpoints are wanted.
    ///
    /// - Throws: `Failure(.data)` if the folder cannot be used.
    init?(_ options: CoordinatorOptions) throws {
        guard let path = options.checkpointFolder else { return nil }
        self.init(
            folder: try CheckpointFolder(path), interval: .seconds(options.checkpointInterval),
            isResumed: options.isResumed)
    }
}
