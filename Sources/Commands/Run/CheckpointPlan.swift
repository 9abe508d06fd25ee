import Checkpoints

/// Where and when a run keeps its state.
struct CheckpointPlan {
    /// The folder.
    let folder: CheckpointFolder
    /// The time between two checkpoints.
    let interval: Duration
    /// Whether to go on from the newest one.
    let isResumed: Bool

    /// Reads the options, and opens the folder; nil if no checkpoints are wanted.
    ///
    /// - Throws: `Failure(.data)` if the folder cannot be used.
    init?(_ options: CoordinatorOptions) throws {
        guard let path = options.checkpointFolder else { return nil }
        folder = try CheckpointFolder(path)
        interval = .seconds(options.checkpointInterval)
        isResumed = options.isResumed
    }
}
