import Diagnostics
import Training

/// Keeps the state of one training: finds where it left off, and writes where it is.
///
/// Belongs to one thread.
public final class CheckpointWriter {
    private let plan: CheckpointPlan
    private let identity: TrainingIdentity
    private let clock: () -> Duration
    private let observe: (TrainingEvent) -> Void
    private let start: Duration
    private var lastWrite: Duration
    /// The number of the round whose end is kept: by the last write that succeeded, or by an earlier run; nil if none is.
    public private(set) var keptRound: UInt64?
    /// The seconds that earlier runs spent on the training.
    private var earlierSeconds = 0.0
    /// The seconds until the validation score first passed the threshold; nil if it has not.
    public private(set) var secondsToThreshold: Double?
    /// What an earlier run left; nil to begin anew.
    public private(set) var snapshot: Snapshot?

    /// Looks for what an earlier run left.
    ///
    /// - Parameters:
    ///   - plan: nil keeps nothing.
    ///   - clock: a monotonic clock's reading.
    ///   - observe: told what a person should know.
    /// - Throws: `Failure(.data)` if there is something that is of another training, or is not asked to be resumed.
    public init?(
        _ plan: CheckpointPlan?, identity: TrainingIdentity,
        clock: @escaping () -> Duration = CheckpointWriter.monotonicClock(),
        observe: @escaping (TrainingEvent) -> Void
    ) throws {
        guard let plan else { return nil }
        self.plan = plan
        self.identity = identity
        self.clock = clock
        self.observe = observe
        start = clock()
        lastWrite = start
        let (found, notes) = try plan.folder.newest(of: identity.question)
        for note in notes { observe(.warning(note)) }
        guard let (checkpoint, path) = found else {
            if plan.isResumed {
                observe(.note("no checkpoint of \(identity.question) in \(plan.folder.path); it begins anew"))
            }
            return
        }
        guard plan.isResumed else {
            throw Failure(
                .data, "cannot keep checkpoints of \(identity.question)", at: plan.folder.path,
                because: "it holds those of an earlier run",
                remedy: "add --resume to go on from them, or give another folder")
        }
        try checkpoint.check(belongsTo: identity, path: path)
        snapshot = checkpoint.snapshot
        earlierSeconds = checkpoint.seconds
        secondsToThreshold = checkpoint.secondsToThreshold
        keptRound = checkpoint.snapshot.round
        observe(.note("resumed from \(path)"))
    }

    /// The time since now, by a clock that never goes backwards.
    public static func monotonicClock() -> () -> Duration {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }

    /// The seconds the training has taken so far, over all runs.
    public var seconds: Double { earlierSeconds + (clock() - start).seconds }

    /// Takes note that the validation score passed the threshold.
    public func thresholdPassed() {
        if secondsToThreshold == nil { secondsToThreshold = seconds }
    }

    /// Writes if the interval is over.
    ///
    /// That it fails, as on a full disk, is no reason to end a training: it is told, and tried again later.
    public func writeIfDue(_ session: Session) {
        if clock() - lastWrite >= plan.interval { tryWrite(session) }
    }

    /// Writes, and tells if that fails.
    public func tryWrite(_ session: Session) {
        do {
            try write(session)
        } catch {
            lastWrite = clock()
            observe(.warning("\(error)"))
        }
    }

    /// Writes, unless nothing has happened since the last time.
    ///
    /// - Throws: `Failure(.data)` if it cannot be written; the earlier ones are still there.
    public func write(_ session: Session) throws {
        let snapshot = session.snapshot()
        guard snapshot.round != keptRound else { return }
        try plan.folder.write(
            Checkpoint(
                identity: identity, snapshot: snapshot, seconds: seconds, secondsToThreshold: secondsToThreshold))
        keptRound = snapshot.round
        lastWrite = clock()
    }
}
