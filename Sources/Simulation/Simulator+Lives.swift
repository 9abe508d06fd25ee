import Checkpoints
import Diagnostics
import Tensors
import Training

// How the coordinator's process begins, keeps its state, and ends.
extension Simulator {
    /// A process of the coordinator.
    final class Coordinator {
        /// Which one it is.
        let life: Int
        let session: Session
        let writer: CheckpointWriter
        /// The names of workers by their addresses, and the reverse.
        var names: [Address: WorkerID] = [:]
        var addresses: [WorkerID: Address] = [:]
        /// Gradients that were taken from workers, and lie in memory of theirs.
        var lent: [Address: [Storage]] = [:]
        var admitted = 0
        var nextTick = 0
        /// Until when it waits for its disk.
        var busyUntil = 0
        /// What was told of steps and scores since the beginning, over all lives.
        var story: [TrainingEvent]

        init(life: Int, session: Session, writer: CheckpointWriter, story: [TrainingEvent]) {
            self.life = life
            self.session = session
            self.writer = writer
            self.story = story
        }

        /// Spoils what a worker answered: it writes there again with the next piece of work, or is gone.
        func overwriteAnswers(from address: Address) {
            for gradient in lent.removeValue(forKey: address) ?? [] {
                // With what looks right: numbers that are not finite would only have the step computed anew.
                gradient.pointer.update(repeating: 1, count: gradient.count)
            }
        }
    }

    /// Starts the coordinator with what its disk holds, as `--checkpoint DIR --resume` does.
    ///
    /// - Throws: `Problem` if that is not what it should hold.
    func startCoordinator() throws {
        disk.restart()
        let writer = try openCheckpoints()
        let story = try recall(writer.snapshot)
        let session = try Session(
            training.question, data: training.data, seed: Scenario.trainingSeed,
            membership: Membership(lease: .microseconds(Self.lease), minimumWorkers: climate.minimumWorkers),
            resuming: writer.snapshot)
        lives += 1
        coordinator = Coordinator(life: lives, session: session, writer: writer, story: story)
        if session.isFinished { return try conclude(nil) }
        queue.add(.tick(life: lives), at: now)
        for worker in workers.indices where workers[worker].isLocal && !workers[worker].isAlive {
            queue.add(.starts(worker), at: now + (isQuiet ? 0 : random.number(in: 0...100_000)))
        }
    }

    private func openCheckpoints() throws -> CheckpointWriter {
        let plan = CheckpointPlan(
            folder: CheckpointFolder(plant.store(disk)), interval: .microseconds(climate.checkpointInterval),
            isResumed: true)
        func open() throws -> CheckpointWriter {
            let writer = try CheckpointWriter(
                plan, identity: training.identity, clock: { [unowned self] in clock },
                observe: { [unowned self] event in
                    if case .note = event { return }
                    // A damaged file when it is opened, a failed write later.
                    if coordinator == nil { counts.damagedCheckpoints += 1 } else { counts.checkpointsFailed += 1 }
                    tell("\(event)")
                })
            guard let writer else { preconditionFailure("a plan without a writer") }
            return writer
        }
        do {
            return try open()
        } catch let failure as Failure {
            // None can be read: a person removes them, as the message says, if they may be damaged at all.
            tell(failure.description)
            if let round = promised { throw Problem.lostCheckpoint(round: round) }
            kept = []
            for name in try disk.names() {
                counts.damagedCheckpoints += 1
                try disk.remove(name)
            }
            return try open()
        }
    }

    /// The newest round whose state must be on the disk.
    private var promised: UInt64? {
        kept.filter { !disk.hasBroken(file(of: $0)) && !disk.wasTold(toRemove: file(of: $0)) }.max()
    }

    private func file(of round: UInt64) -> String {
        CheckpointFolder.name(of: training.identity.question, round: round)
    }

    /// Sees that what was read is what was written last, and finds the story that led there.
    private func recall(_ snapshot: Snapshot?) throws -> [TrainingEvent] {
        if let round = promised, round > snapshot?.round ?? 0 { throw Problem.lostCheckpoint(round: round) }
        guard let snapshot else {
            tell("the coordinator begins anew")
            kept = []
            return []
        }
        guard let memory = memories[snapshot.round]?.last(where: { $0.snapshot == snapshot }) else {
            throw Problem.acceptedDamage(round: snapshot.round)
        }
        tell("the coordinator goes on from round \(snapshot.round)")
        counts.resumptions += 1
        // Later ones were lost with the disk's excuse; they will be written again.
        kept = kept.filter { $0 <= snapshot.round }
        return memory.story
    }

    /// Has the coordinator write its state, which may be its end.
    func keep(_ write: (CheckpointWriter, Session) -> Void) throws {
        guard let coordinator else { return }
        let snapshot = coordinator.session.snapshot()
        if memories[snapshot.round]?.last?.snapshot != snapshot {
            memories[snapshot.round, default: []].append((snapshot, coordinator.story))
        }
        let before = coordinator.writer.keptRound
        disk.elapsed = 0
        write(coordinator.writer, coordinator.session)
        coordinator.busyUntil = now + disk.elapsed
        if let round = coordinator.writer.keptRound, round != before {
            guard !disk.wasTold(toRemove: file(of: round)) else { throw Problem.lostCheckpoint(round: round) }
            kept.insert(round)
            counts.checkpointsWritten += 1
        }
        if disk.isStopped { endCoordinator(byPowerCut: random.happens(500)) }
    }

    /// Kills the coordinator, cuts its power, or asks it to end.
    func endCoordinatorSomehow() throws {
        guard coordinator != nil else { return }
        if random.happens(200) {
            tell("the coordinator is asked to end")
            try keep { writer, session in _ = try? writer.write(session) }
        }
        if coordinator != nil { endCoordinator(byPowerCut: random.happens(500)) }
    }

    private func endCoordinator(byPowerCut isPowerCut: Bool) {
        tell(isPowerCut ? "the coordinator's computer loses its power" : "the coordinator is killed")
        counts.coordinatorEnds += 1
        coordinator = nil
        disk.restart()
        if isPowerCut {
            counts.powerCuts += 1
            disk.losePower()
        }
        for worker in workers.indices where workers[worker].isLocal { workers[worker].isAlive = false }
        queue.add(.coordinatorStarts, at: now + random.number(in: 10_000...Self.second))
    }

    /// Takes the result; now and then the coordinator is started once more, and must come to the same.
    func conclude(_ failure: String?) throws {
        guard let coordinator else { return }
        var outcome = coordinator.session.outcome
        counts.workersLost += outcome.workersLost
        counts.shardsReissued += outcome.shardsReissued
        counts.staleAnswers += outcome.staleAnswers
        outcome.workersLost = 0
        outcome.shardsReissued = 0
        outcome.staleAnswers = 0
        let new = Result(
            digest: coordinator.session.parameters.values.sha256, story: coordinator.story, outcome: outcome,
            failure: failure)
        if let result, let difference = new.difference(from: result) { throw Problem.differs(difference) }
        isConfirmed = isQuiet || result != nil || !random.happens(300)
        result = new
        tell(failure ?? "the training is complete")
        if !isConfirmed { endCoordinator(byPowerCut: true) }
    }
}
