import Diagnostics
import Messaging
import Questions
import Tensors
import Training

// How a worker does its work.
extension WorkerLoop {
    /// Does the work that came in a message, and answers with another.
    func work(_ message: Envelope) throws {
        guard let runner else { return }
        let work = try Work(message.body, round: message.header.step, shards: message.shards)
        try check(work)
        if let numbers = message.numbers { parameters = try numbers.floats(count: runner.parameterCount) }
        guard let parameters = seat?.parameters ?? parameters?.pointer else {
            throw Failure(.workers, "malformed message", because: "work came before any parameters")
        }
        let start = ContinuousClock.now
        var gradient: Storage?
        if work.kind == .gradient {
            gradient = self.gradient ?? Storage(count: runner.parameterCount)
            self.gradient = gradient
        }
        let result = try runner.run(work, parameters: parameters, gradient: gradient)
        let body = ResultBody(result, computeSeconds: (ContinuousClock.now - start).seconds)
        try socket.sendOrFail(
            Envelope.frames(
                .result, epoch: epoch, step: work.round, shards: work.shards, body: Frame(copying: body.encoded()),
                numbers: result.partial.gradient.map { try Frame(copying: $0.bytes) }))
    }

    /// Does the next piece of work that lies at the seat, and answers there; allocates nothing once it did the like.
    ///
    /// - Returns: whether there was one.
    func workAtSeat(_ seat: WorkerSeat) throws -> Bool {
        guard let runner, let parameters = seat.parameters,
            let (sequence, epoch, work) = try seat.nextCommand()
        else { return false }
        // What is left of an earlier question interests nobody any more.
        guard epoch == self.epoch else { return true }
        try check(work)
        let start = ContinuousClock.now
        let result = try runner.run(
            work, parameters: parameters, gradient: work.kind == .gradient ? seat.gradient : nil)
        seat.answer(result, to: sequence, epoch: epoch, computeSeconds: (ContinuousClock.now - start).seconds)
        return true
    }

    /// Sees that the question does such work, and has the examples.
    private func check(_ work: Work) throws {
        guard let question, let data else { return }
        let isKindRight =
            switch question.method {
            case .gradientDescent: work.kind != .search
            case .perceptron: work.kind == .search
            case .checksOnly: false
            }
        let count = try exampleCounts[work.split] ?? question.exampleCount(work.split, in: data)
        exampleCounts[work.split] = count
        guard isKindRight, work.examples.allSatisfy({ $0 >= 0 && $0 < count }) else {
            throw Failure(.workers, "malformed message", because: "the work does not fit \(question.name)")
        }
    }
}
