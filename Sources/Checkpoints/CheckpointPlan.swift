/// Where and when a run keeps its state.
public struct CheckpointPlan {
    /// The folder.
    public let folder: CheckpointFolder
    /// The time between two checkpoints.
    public let interval: Duration
    /// Whether to go on from the newest one.
    public let isResumed: Bool

    /// Creates a plan.
    public init(folder: CheckpointFolder, interval: Duration, isResumed: Bool) {
        self.folder = folder
        self.interval = interval
        self.isResumed = isResumed
    }
}
