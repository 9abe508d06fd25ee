import Diagnostics
import Questions
import Tensors
import Testing
import Training

@testable import Simulation

/// Losses and gradients that are not finite: they never reach the parameters.
@Suite struct SkippingTests {
    /// What came of a training in which some answers were spoilt.
    private struct Run {
        var session: Session
        var notes: [String] = []
        var failure: Failure?
        var isFinite: Bool {
            let values = session.parameters.values
            return (0..<values.count).allSatisfy { values.pointer[$0].isFinite }
        }
    }

    /// Trains with some workers; `spoil` says which answers to spoil, by worker, step and attempt (0 or 1).
    ///
    /// - Parameter leaves: whether the session is left whenever a step was skipped, and another one goes on from there.
    private func train(
        workers: Int, inLoss: Bool = false, leaves: Bool = false,
        spoil: (_ worker: Int, _ step: UInt64, _ attempt: Int) -> Bool
    ) throws -> Run {
        let (question, data) = try Toy.make(["shards=4"])
        var run = Run(session: try Session(question, data: data, seed: 1))
        let runner = try ShardRunner(question, data: data, seed: 1)
        var queue: [(WorkerID, Work)] = []
        var firstRound: [UInt64: UInt64] = [:]
        func handle(_ event: SessionEvent) throws {
            for action in try run.session.handle(event) {
                switch action {
                case .assign(let worker, let work): queue.append((worker, work))
                case .observe(.note(let text)): run.notes.append(text)
                case .observe, .evict, .finish: break
                }
            }
        }
        do {
            for worker in 1...workers { try handle(.workerReady(WorkerID(worker))) }
            while !queue.isEmpty {
                let (worker, work) = queue.removeFirst()
                let gradient = work.kind == .gradient ? Storage(count: runner.parameterCount) : nil
                var result = try runner.run(
                    work, parameters: run.session.parameters.values.pointer, gradient: gradient)
                if work.kind == .gradient {
                    let first = firstRound[work.step, default: work.round]
                    firstRound[work.step] = first
                    if spoil(worker.number, work.step, first == work.round ? 0 : 1) {
                        if inLoss { result.partial.loss = .infinity } else { gradient?.pointer[3] = .nan }
                    }
                }
                let skipped = run.session.outcome.skippedSteps
                try handle(.answered(worker, result))
                guard leaves, run.session.outcome.skippedSteps > skipped else { continue }
                let snapshot = run.session.snapshot()
                run.session = try Session(question, data: data, seed: 1, workersNeeded: workers, resuming: snapshot)
                queue = []
                for worker in 1...workers { try handle(.workerReady(WorkerID(worker))) }
            }
        } catch let failure as Failure {
            run.failure = failure
        }
        return run
    }

    @Test(arguments: [false, true]) func aFaultOfAWorkerIsMadeGoodByComputingTheStepAnew(inLoss: Bool) throws {
        let good = try train(workers: 2) { _, _, _ in false }
        let run = try train(workers: 2, inLoss: inLoss) { worker, step, attempt in
            worker == 2 && step == 4 && attempt == 0
        }
        #expect(run.failure == nil)
        #expect(run.session.parameters.values.sha256 == good.session.parameters.values.sha256)
        #expect(run.session.outcome.skippedSteps == 0)
        let culprit = inLoss ? "loss of worker 2" : "gradient of workers 1, 2"
        #expect(run.notes == ["step 4: the \(culprit) is not finite; it is computed anew"])
    }

    @Test(arguments: 1...4) func aStepThatIsNeverFiniteIsSkipped(workers: Int) throws {
        let alone = try train(workers: 1) { worker, step, _ in worker == 1 && (step == 2 || step == 3) }
        let run = try train(workers: workers) { worker, step, _ in worker == 1 && (step == 2 || step == 3) }
        #expect(run.failure == nil)
        #expect(run.isFinite)
        #expect(run.session.parameters.values.sha256 == alone.session.parameters.values.sha256)
        #expect(run.session.outcome.skippedSteps == 2)
        #expect(run.session.outcome.steps == 15 - 2)
        #expect(run.session.outcome.examples == 3 * 37)
        #expect(run.notes.contains("step 2: the gradient of worker 1 is not finite again; the step is skipped"))
    }

    @Test(arguments: [false, true]) func threeSkippedStepsInARowEndTheRun(leaves: Bool) throws {
        let run = try train(workers: 2, leaves: leaves) { worker, step, _ in worker == 2 && step >= 6 }
        #expect(run.failure?.category == .diverged)
        #expect(run.failure?.description.contains("worker 2") == true)
        #expect(run.session.outcome.skippedSteps == 3)
        #expect(run.session.outcome.steps == 6)
        #expect(run.isFinite)
    }
}
