import Diagnostics
import Glibc
import Platform
import Tensors
import Training

/// A local worker's end of the memory that it shares with its coordinator; see `SharedMemory`.
///
/// Belongs to one thread.
public final class WorkerSeat {
    /// The number of the seat.
    let number: Int
    private let board: SharedFile
    private let desk: SharedFile
    private let coordinatorBell: Int32
    private let tally: AnswerTally
    private let boardControl: MappedMemory
    let deskControl: MappedMemory
    private var spin = AdaptiveSpin(limit: ExchangeLimits.spin)
    private var lastCommand: UInt32 = 0
    private var seenMail: UInt32 = 0
    private var parameterMemory: MappedMemory?
    private var bounds: [Int32] = []
    private var examples: [Int32] = []
    /// Where gradients are computed; nil before the first question.
    private(set) var gradient: Storage?

    /// Takes a seat.
    ///
    /// - Parameters:
    ///   - number: the seat, as the coordinator said.
    ///   - descriptors: the board, the desk, the coordinator's bell and the tally; they are the seat's from now on.
    /// - Throws: `Failure(.workers)` if there is no such seat.
    public init(_ number: Int, descriptors: (board: Int32, desk: Int32, bell: Int32, tally: Int32)) throws {
        guard (0..<BoardLayout.seats).contains(number) else {
            throw Failure(.workers, "cannot share memory", because: "there is no seat \(number)")
        }
        self.number = number
        board = try SharedFile(inherited: descriptors.board)
        desk = try SharedFile(inherited: descriptors.desk)
        coordinatorBell = descriptors.bell
        tally = try AnswerTally(inherited: descriptors.tally)
        boardControl = try board.map(byteCount: BoardLayout.controlByteCount, writable: false)
        deskControl = try desk.map(byteCount: DeskLayout.controlByteCount, writable: true)
        skipCommands()
    }

    deinit {
        close(coordinatorBell)
    }

    private var place: UnsafeMutableRawPointer { boardControl.start + BoardLayout.seat(number) }

    /// Maps parameters and gradient of a question.
    ///
    /// - Throws: `Failure(.workers)` if the coordinator did not make room for them.
    func prepare(parameterCount: Int) throws {
        parameterMemory = try board.map(
            offset: BoardLayout.controlByteCount, byteCount: BoardLayout.parameterByteCount(parameterCount),
            writable: false)
        let memory = try desk.map(
            offset: DeskLayout.controlByteCount, byteCount: DeskLayout.gradientByteCount(parameterCount), writable: true
        )
        gradient = Storage(
            borrowing: memory.start.assumingMemoryBound(to: Float.self), count: parameterCount, from: memory)
    }

    /// The parameters of the newest generation, which can only be read; nil before the first question.
    var parameters: UnsafeMutablePointer<Float>? { parameterMemory?.start.assumingMemoryBound(to: Float.self) }

    /// Leaves out the commands that are there: they were for a place that this worker has lost.
    func skipCommands() {
        lastCommand = SharedWord(place, at: BoardLayout.lastCommand).value
    }

    /// The next command; nil if there is none.
    ///
    /// Let go of the work before the next call, which uses its memory again.
    ///
    /// - Throws: `Failure(.workers)` if it is malformed.
    func nextCommand() throws -> (sequence: UInt32, epoch: UInt32, work: Work)? {
        let newest = SharedWord(place, at: BoardLayout.lastCommand).value
        guard newest != lastCommand else { return nil }
        // Of more than two the first were given up, and are overwritten.
        if newest &- lastCommand > 2 { lastCommand = newest &- 2 }
        lastCommand &+= 1
        let (epoch, work) = try SharedCommand.read(
            from: place + BoardLayout.command(lastCommand), sequence: lastCommand, boundsBuffer: &bounds,
            examplesBuffer: &examples)
        return (lastCommand, epoch, work)
    }

    /// Answers a command, whose gradient is in place.
    func answer(_ result: WorkResult, to sequence: UInt32, epoch: UInt32, computeSeconds: Double) {
        publish(
            SharedAnswer(
                result, sequence: sequence, epoch: epoch, computeSeconds: computeSeconds,
                allocations: platform_allocation_count(), time: platform_nanoseconds()), as: sequence)
    }

    /// Lays an answer on the desk.
    func publish(_ answer: SharedAnswer, as sequence: UInt32) {
        answer.write(to: deskControl.start + DeskLayout.answer(sequence))
        SharedWord(deskControl.start, at: DeskLayout.processor).value = UInt32(bitPattern: platform_processor())
        SharedWord(deskControl.start, at: DeskLayout.lastAnswer).value = sequence
        let count = tally.add()
        let sleep = SharedWord(boardControl.start, at: BoardLayout.coordinatorSleep).value
        // The counts go round, so it is their difference that tells which is the larger.
        guard sleep != CoordinatorSleep.none.rawValue,
            Int32(bitPattern: count &- SharedWord(boardControl.start, at: BoardLayout.awaitedTally).value) >= 0
        else { return }
        if sleep == CoordinatorSleep.atTally.rawValue { tally.call() } else { platform_ring_bell(coordinatorBell) }
    }

    /// The messages that the coordinator has sent since the last call.
    func newMail() -> Int {
        let mail = SharedWord(place, at: BoardLayout.mail).value
        defer { seenMail = mail }
        return Int(mail &- seenMail)
    }

    /// Whether there is a command, or a message was sent.
    var hasNews: Bool {
        SharedWord(place, at: BoardLayout.lastCommand).value != lastCommand
            || SharedWord(place, at: BoardLayout.mail).value != seenMail
    }

    /// Waits for a command or a message.
    ///
    /// - Returns: whether there is one; false when the time is up.
    func wait(within duration: Duration) -> Bool {
        let gate = SharedWord(boardControl.start, at: BoardLayout.gate)
        let isAsleep = SharedWord(deskControl.start, at: DeskLayout.workerSleeps)
        let end = ContinuousClock.now + duration
        while true {
            let before = gate.value
            if hasNews { return true }
            // Others may have been called.
            if spin.wait(while: gate, is: before) { continue }
            let left = end - ContinuousClock.now
            guard left > .zero else { return false }
            isAsleep.value = 1
            platform_wait_while(gate.address, before, BoardLayout.name(number), left.nanoseconds)
            isAsleep.value = 0
        }
    }
}

extension Duration {
    /// The duration in whole nanoseconds, at most some hundred years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return min(seconds, 1 << 33) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
