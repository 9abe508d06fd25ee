import Diagnostics
import Platform
import Tensors
import Training

// How work and answers travel to and from local workers.
extension WorkerPool {
    /// Takes the answers that lie on desks.
    ///
    /// - Returns: whether there were any.
    func takeAnswers() throws -> Bool {
        guard let memory = settings.memory else { return false }
        var hasAnswers = false
        for seat in 0..<BoardLayout.seats where run?.isFinished == false {
            do {
                while let (answer, command, gradient) = try memory.nextAnswer(on: seat) {
                    hasAnswers = true
                    try take(answer, to: command, gradient: gradient, on: seat)
                }
            } catch let failure as Failure where failure.category == .workers {
                hasAnswers = true
                guard let id = memory.member(on: seat), let member = members[id] else { continue }
                try turnAway(member.address, failure)
            }
        }
        return hasAnswers
    }

    private func take(
        _ answer: SharedAnswer, to command: SharedMemory.Command?, gradient: Storage?, on seat: Int
    ) throws {
        guard answer.epoch == epoch else { return }
        guard command != nil, let id = settings.memory?.member(on: seat), members[id]?.readyFor == epoch else {
            return try act(on: .strayAnswer)
        }
        if settings.loss?.losesMessage() == true { return }
        let shards = Int(answer.firstShard)..<Int(answer.firstShard) + Int(answer.shardCount)
        try answered(
            id, answer.body.result(round: answer.round, shards: shards, gradient: gradient), at: .now - answer.age)
    }
}
