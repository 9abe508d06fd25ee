import Diagnostics
import Glibc
import Platform
import Tensors
import Training

/// The coordinator's end of the memory that it shares with its local workers.
///
/// Parameters and commands lie on a board that workers can only read; each worker has a desk of its own for its
/// gradient and its answers. A worker is given its seat, the descriptors of both, when it is started. Nothing has a
/// name, so nothing is left behind. Belongs to one thread.
public final class SharedMemory {
    /// What a worker inherits.
    public struct Seat {
        /// The number to tell the worker.
        public let number: Int
        /// What it is to get as 3 to 6: the board, its desk, the coordinator's bell, and the tally; they stay open here.
        public let descriptors: [Int32]
    }

    /// What a worker was asked, as far as its answer must agree.
    struct Command {
        let sequence: UInt32
        let epoch: UInt32
        let round: UInt64
        let shards: Range<Int>
    }

    /// What is known of a seat.
    private final class Desk {
        let file: SharedFile
        let control: MappedMemory
        /// The process that sits there; 0 before it has started.
        var process: Int32 = 0
        /// The member that it is; nil while it is none.
        var member: WorkerID?
        var lastCommand: UInt32 = 0
        /// The last answer that was looked at.
        var lastAnswer: UInt32 = 0
        /// What it is busy with, by sequence modulo 2.
        var commands: (Command?, Command?)
        /// Its gradient, of the question under way.
        var gradient: Storage?
        /// The allocations of its process when it answered last; negative if nobody counts them.
        var allocations: Int64 = -1
        var placement = Placement()

        /// The commands of a round that were not answered.
        func commandCount(of round: UInt64) -> Int {
            (commands.0?.round == round ? 1 : 0) + (commands.1?.round == round ? 1 : 0)
        }

        init() throws {
            file = try SharedFile("lockstep-desk", byteCount: DeskLayout.controlByteCount)
            control = try file.map(byteCount: DeskLayout.controlByteCount, writable: false)
        }

        var answered: SharedWord { SharedWord(control.start, at: DeskLayout.lastAnswer) }
        var isAsleep: Bool { SharedWord(control.start, at: DeskLayout.workerSleeps).value != 0 }
        /// The processor its worker ran on last, as it says.
        var processor: Int32 { Int32(bitPattern: SharedWord(control.start, at: DeskLayout.processor).value) }
        var isBusy: Bool { commands.0 != nil || commands.1 != nil }

        /// The command of a number, if it is still waited for; then it is no more.
        func take(_ sequence: UInt32) -> Command? {
            let command = sequence % 2 == 0 ? commands.0 : commands.1
            // A number that was left out, when a worker joined anew, must not take the place of the one behind it.
            guard let command, command.sequence == sequence else { return nil }
            if sequence % 2 == 0 { commands.0 = nil } else { commands.1 = nil }
            return command
        }
    }

    private let board: SharedFile
    private let control: MappedMemory
    private let boardForReading: Int32
    private let bell: Int32
    private let tally: AnswerTally
    private var spin = AdaptiveSpin(limit: ExchangeLimits.spin)
    private var desks: [Desk?] = Array(repeating: nil, count: BoardLayout.seats)
    private var parameters: MappedMemory?
    private var parameterCount = 0
    /// The round of the last command.
    private var round: UInt64 = 0
    /// The seats that were given something and not called yet, and whether there are any.
    private var called = Array(repeating: false, count: BoardLayout.seats)
    private var isCalling = false

    /// Creates the board.
    ///
    /// - Throws: `Failure(.workers)` if the system refuses.
    public init() throws {
        board = try SharedFile("lockstep-board", byteCount: BoardLayout.controlByteCount)
        control = try board.map(byteCount: BoardLayout.controlByteCount, writable: true)
        boardForReading = try board.readOnlyDescriptor()
        tally = try AnswerTally()
        bell = platform_create_bell()
        guard bell >= 0 else {
            close(boardForReading)
            throw Failure(.workers, "cannot share memory", because: String(cString: strerror(-bell)))
        }
    }

    deinit {
        close(boardForReading)
        close(bell)
    }

    // MARK: Seats

    /// Makes a seat for a process that is about to be started; nil if all are taken.
    ///
    /// - Throws: `Failure(.workers)` if the system refuses.
    public func makeSeat() throws -> Seat? {
        guard let number = desks.firstIndex(where: { $0 == nil }) else { return nil }
        let desk = try Desk()
        desks[number] = desk
        for word in [BoardLayout.lastCommand, BoardLayout.mail] {
            SharedWord(control.start, at: BoardLayout.seat(number) + word).value = 0
        }
        return Seat(number: number, descriptors: [boardForReading, desk.file.descriptor, bell, tally.descriptor])
    }

    /// Notes which process was started with a seat.
    public func give(_ seat: Seat, to process: Int32) { desks[seat.number]?.process = process }

    /// Takes back a seat whose process was not started.
    public func takeBack(_ seat: Seat) { desks[seat.number] = nil }

    /// Takes back the seat of a process that has ended.
    public func takeBack(from process: Int32) {
        if let number = desks.firstIndex(where: { $0?.process == process }) { desks[number] = nil }
    }

    /// Whether a process was given a seat.
    func isSeat(_ number: Int, of process: Int32) -> Bool {
        desks.indices.contains(number) && desks[number].map { $0.process == process } ?? false
    }

    /// Who a seat's process is from now on; nil for nobody, and then nothing it still says counts.
    func seat(_ number: Int, isOf member: WorkerID?) {
        guard let desk = desks[number] else { return }
        desk.member = member
        desk.commands = (nil, nil)
    }

    /// Whether a process was given a seat and has not joined yet.
    var isSomebodyExpected: Bool { desks.contains { $0 != nil && $0?.member == nil } }

    /// The member on a seat.
    func member(on number: Int) -> WorkerID? { desks[number]?.member }

    // MARK: Numbers

    /// Makes room for the parameters of a question.
    ///
    /// - Returns: memory for them; valid until the next question.
    func begin(parameterCount: Int) throws -> UnsafeMutablePointer<Float> {
        let byteCount = BoardLayout.parameterByteCount(parameterCount)
        try board.grow(to: BoardLayout.controlByteCount + byteCount)
        let memory = try board.map(offset: BoardLayout.controlByteCount, byteCount: byteCount, writable: true)
        parameters = memory
        self.parameterCount = parameterCount
        for desk in desks {
            desk?.gradient = nil
            // What is left of the last question is answered in vain, or not at all.
            desk?.commands = (nil, nil)
        }
        return memory.start.assumingMemoryBound(to: Float.self)
    }

    /// Makes room for the gradient of a worker.
    func prepareDesk(_ number: Int) throws {
        guard let desk = desks[number], desk.gradient == nil else { return }
        let byteCount = DeskLayout.gradientByteCount(parameterCount)
        try desk.file.grow(to: DeskLayout.controlByteCount + byteCount)
        let memory = try desk.file.map(offset: DeskLayout.controlByteCount, byteCount: byteCount, writable: false)
        desk.gradient = Storage(
            borrowing: memory.start.assumingMemoryBound(to: Float.self), count: parameterCount, from: memory)
    }

    // MARK: Commands and answers

    /// Puts a piece of work on a seat; false if it must be sent as a message instead.
    ///
    /// `callWorkers` makes it known.
    ///
    /// A worker that is given a gradient to compute while it is still busy, because it may be stopped or a message may
    /// be lost, gets it by message: on its desk there is room for one, and the session reads it until it says otherwise.
    func post(_ work: Work, epoch: UInt32, on number: Int) -> Bool {
        guard let desk = desks[number], desk.gradient != nil, work.kind != .gradient || !desk.isBusy else {
            return false
        }
        let sequence = desk.lastCommand &+ 1
        guard (sequence % 2 == 0 ? desk.commands.0 : desk.commands.1) == nil else { return false }
        let place = control.start + BoardLayout.seat(number)
        guard
            SharedCommand.write(
                work, epoch: epoch, sequence: sequence, to: place + BoardLayout.command(sequence))
        else { return false }
        let command = Command(sequence: sequence, epoch: epoch, round: work.round, shards: work.shards)
        if sequence % 2 == 0 { desk.commands.0 = command } else { desk.commands.1 = command }
        desk.lastCommand = sequence
        round = work.round
        SharedWord(place, at: BoardLayout.lastCommand).value = sequence
        called[number] = true
        isCalling = true
        return true
    }

    /// The number of the last command on a seat.
    func lastCommand(on number: Int) -> UInt32 { desks[number]?.lastCommand ?? 0 }

    /// Has a worker look for a message that was sent to it, at once.
    func ring(_ number: Int) {
        guard desks[number] != nil else { return }
        SharedWord(control.start, at: BoardLayout.seat(number) + BoardLayout.mail).increment()
        called[number] = true
        isCalling = true
        callWorkers()
    }

    /// Wakes the workers that were given something since the last call, as far as they sleep.
    ///
    /// All of them in one call to the system: the first to wake up may take this very processor, and then the others
    /// would have to wait for it.
    func callWorkers() {
        guard isCalling else { return }
        isCalling = false
        let gate = SharedWord(control.start, at: BoardLayout.gate)
        gate.increment()
        placeWorkers()
        var names: UInt32 = 0
        for number in called.indices where called[number] {
            called[number] = false
            if desks[number]?.isAsleep == true { names |= BoardLayout.name(number) }
        }
        if names != 0 { platform_wake(gate.address, names) }
    }

    /// Keeps workers away from a processor on which more of those called ran last than there need be.
    private func placeWorkers() {
        let count = called.reduce(0) { $0 + ($1 ? 1 : 0) }
        let processors = Int(platform_processor_count())
        let most = (count + processors - 1) / processors
        for number in called.indices where called[number] {
            guard let desk = desks[number], desk.process > 0 else { continue }
            let processor = desk.processor
            let before = (0..<number).reduce(0) { $0 + (called[$1] && desks[$1]?.processor == processor ? 1 : 0) }
            desk.placement.avoid(before >= most ? processor : -1, thread: desk.process)
        }
    }

    /// The processor that the worker of a seat is kept away from; negative for none.
    func avoidedProcessor(on number: Int) -> Int32 { desks[number]?.placement.avoided ?? -1 }

    /// The next answer on a seat that was not looked at yet; nil if there is none.
    ///
    /// - Returns: the answer with what it answers, which is nil for what was given up meanwhile; and its gradient.
    /// - Throws: `Failure(.workers)` if it is none to what was asked, or holds impossible numbers.
    func nextAnswer(on number: Int) throws -> (answer: SharedAnswer, command: Command?, gradient: Storage?)? {
        guard let desk = desks[number] else { return nil }
        let last = desk.answered.value
        while last != desk.lastAnswer {
            guard last &- desk.lastAnswer <= desk.lastCommand &- desk.lastAnswer else {
                desk.lastAnswer = desk.lastCommand
                throw Failure(
                    .workers, "malformed answer in shared memory", because: "the worker was not asked so often")
            }
            // Of more than two the first were given up, and are overwritten.
            if last &- desk.lastAnswer > 2 { desk.lastAnswer = last &- 2 }
            desk.lastAnswer &+= 1
            let answer = SharedAnswer(from: desk.control.start + DeskLayout.answer(desk.lastAnswer))
            let command = desk.take(desk.lastAnswer)
            guard let command else {
                if answer.sequence == desk.lastAnswer { return (answer, nil, nil) }
                continue
            }
            guard answer.sequence == desk.lastAnswer else {
                throw Failure(.workers, "malformed answer in shared memory", because: "it has another number")
            }
            try answer.check(answers: command)
            desk.allocations = answer.allocations
            return (answer, command, answer.hasGradient ? desk.gradient : nil)
        }
        return nil
    }

    /// Whether there is an answer that was not looked at yet.
    var hasAnswer: Bool {
        desks.contains { desk in desk.map { $0.answered.value != $0.lastAnswer } ?? false }
    }

    /// The number of local workers that are busy with a command.
    var busyCount: Int { desks.reduce(0) { $0 + ($1?.isBusy == true ? 1 : 0) } }

    /// The answers that are due to commands of the last round.
    ///
    /// A worker that hangs may owe one of an earlier round for long, which nobody waits for.
    var dueCount: Int { desks.reduce(0) { $0 + ($1?.commandCount(of: round) ?? 0) } }

    /// The allocations of all local workers, as they were when each answered last; nil if nobody counts them.
    var allocations: Int? {
        var sum = 0
        for desk in desks {
            guard let desk, desk.member != nil else { continue }
            guard desk.allocations >= 0 else { return nil }
            sum += Int(desk.allocations)
        }
        return sum
    }

    // MARK: Waiting

    /// Becomes readable when a worker has answered while the coordinator was asleep.
    var bellDescriptor: Int32 { bell }

    /// Has the first worker that answers from now on ring the bell.
    ///
    /// Look for answers once more afterwards.
    func beginSleepAtBell() { beginSleep(.atBell, wanted: 1) }

    /// Looks for an answer for a while, if one is due; whether there is one.
    func lookForAnswer() -> Bool {
        guard busyCount > 0 else { return false }
        let count = tally.count
        return hasAnswer || spin.wait(while: tally.answers, is: count)
    }

    /// Sleeps until all answers that are due are there, or the time is up; may return early.
    func sleepUntilAllAnswered(within duration: Duration) {
        let calls = tally.callCount
        // Whoever has laid down an answer and not counted it yet wakes the coordinator early.
        beginSleep(.atTally, wanted: dueCount)
        if !hasAnswer { tally.wait(after: calls, within: duration) }
        endSleep()
    }

    /// Has workers wake the coordinator no more.
    func endSleep() { sleepWord.value = CoordinatorSleep.none.rawValue }

    /// Has the worker wake the coordinator from now on whose answer is the last of those wanted.
    private func beginSleep(_ kind: CoordinatorSleep, wanted: Int) {
        SharedWord(control.start, at: BoardLayout.awaitedTally).value = tally.count &+ UInt32(max(wanted, 1))
        sleepWord.value = kind.rawValue
    }

    private var sleepWord: SharedWord { SharedWord(control.start, at: BoardLayout.coordinatorSleep) }

    /// Forgets that the bell was rung.
    func silenceBell() { platform_silence_bell(bell) }
}
