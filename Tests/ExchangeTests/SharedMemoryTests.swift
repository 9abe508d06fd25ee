import Datasets
import Diagnostics
import Foundation
import Glibc
import Messaging
import Platform
import Synchronization
import Tensors
import Testing
import Training

@testable import Exchange

/// Workers that share memory with the pool, on threads instead of processes.
@Suite(.timeLimit(.minutes(5)), .serialized) struct SharedMemoryTests {
    /// Trains with some workers at seats and some without.
    private func train(
        _ lesson: Lesson, seated: Int, others: Int, threads count: Int = 1
    ) throws -> (Trained, commands: [UInt32]) {
        let scratch = try Scratch()
        let context = try Context()
        let memory = try SharedMemory()
        let tickets = try (0..<seated).map { _ in try SeatTicket(memory) }
        let trained = try ExchangeTests.train(lesson, scratch: scratch, context: context, memory: memory) { local, _ in
            let invitation = WorkerLoop.Invitation(endpoint: local, secret: secret)
            let seats = tickets.map(Optional.some) + Array(repeating: nil, count: others)
            let threads = seats.enumerated().map { number, seat in
                Background {
                    try work(invitation, context, cache: scratch.cache("worker \(number)"), seat: seat, threads: count)
                }
            }
            for thread in threads { if let error = try thread.finish() { throw error } }
        }
        return (trained, (0..<8).map { memory.lastCommand(on: $0) })
    }

    @Test(arguments: [(1, 0), (2, 0), (3, 0), (4, 0), (8, 0), (0, 2), (1, 1), (2, 3)])
    func `Memory, messages or both: the bits are the same`(_ seated: Int, _ others: Int) throws {
        let lesson = try Lesson("q3", "{ hidden: [8], batchSize: 64, epochs: 1, shards: 8, learningRate: 0.01 }")
        let (trained, commands) = try train(lesson, seated: seated, others: others)
        #expect(trained.joined == seated + others)
        #expect(trained.lossReasons.isEmpty)
        #expect(try trained.session.parameters.values.sha256 == lesson.digest())
        #expect(trained.session.outcome.steps == 188)
        // Who has a seat has its work there, unless all was done before it was ready.
        #expect((0..<8).allSatisfy { commands[$0] == 0 || $0 < seated })
        #expect(commands.contains { $0 > 0 } || others > 0)
    }

    @Test(arguments: [2, 3], [1, 2]) func `The threads of a worker do not show`(_ threads: Int, _ workers: Int) throws {
        let lesson = try Lesson("q3", "{ hidden: [64], batchSize: 256, epochs: 1, shards: 8, learningRate: 0.01 }")
        let (trained, _) = try train(lesson, seated: workers, others: 0, threads: threads)
        #expect(try trained.session.parameters.values.sha256 == lesson.digest())
    }

    /// One pool and its workers go from question to question, with more parameters and with fewer.
    @Test(arguments: [1, 3]) func `Question after question fits into the same memory`(_ workers: Int) throws {
        let lessons = try [
            Lesson(), Lesson("q3", "{ hidden: [64], batchSize: 2000, epochs: 1, learningRate: 0.01 }"), Lesson(),
            Lesson("q1", "{ window: 16 }"),
            Lesson("q3", "{ hidden: [8], batchSize: 2000, epochs: 2, learningRate: 0.01 }"),
        ]
        let scratch = try Scratch()
        let context = try Context()
        let memory = try SharedMemory()
        let local = Endpoint.uniqueLocal()
        let pool = try WorkerPool(
            WorkerPool.Settings(local: local, secret: secret, version: version, memory: memory), context: context,
            processes: EndlessProcesses(), interruption: TimeLimit())
        let threads = try (0..<workers).map { number in
            let ticket = try SeatTicket(memory)
            return Background {
                try work(
                    WorkerLoop.Invitation(endpoint: local, secret: secret), context,
                    cache: scratch.cache("worker \(number)"), seat: ticket)
            }
        }
        for lesson in lessons {
            let session = try lesson.session()
            _ = try pool.train(
                session, question: type(of: lesson.question).name, configuration: lesson.configuration.canonicalJSON(),
                seed: lesson.seed, dataFile: DataFile(lesson.data, in: scratch.cache("coordinator"))
            ) { _ in }
            #expect(try session.parameters.values.sha256 == lesson.digest())
        }
        pool.dismiss()
        for thread in threads { #expect(try thread.finish() == nil) }
    }

    // MARK: Seats

    @Test func `There are as many seats as there are, and those of the gone are free`() throws {
        let memory = try SharedMemory()
        let seats = try (0..<BoardLayout.seats).map { _ in try #require(try memory.makeSeat()) }
        #expect(seats.map(\.number) == Array(0..<BoardLayout.seats))
        #expect(try memory.makeSeat() == nil)
        memory.give(seats[5], to: 77)
        #expect(memory.isSeat(5, of: 77))
        #expect(!memory.isSeat(5, of: 78) && !memory.isSeat(6, of: 77))
        #expect(!memory.isSeat(BoardLayout.seats, of: 77) && !memory.isSeat(-1, of: 77))
        memory.takeBack(from: 77)
        #expect(!memory.isSeat(5, of: 77))
        #expect(try memory.makeSeat()?.number == 5)
    }

    @Test func `Nobody sits down on a seat that is not his`() throws {
        let lesson = try Lesson()
        let scratch = try Scratch()
        let context = try Context()
        let memory = try SharedMemory()
        let ticket = try SeatTicket(memory)
        let trained = try ExchangeTests.train(lesson, scratch: scratch, context: context, memory: memory) { local, _ in
            let problem = Result {
                for (pid, seat) in [(getpid() + 1, 0), (getpid(), 1), (getpid(), 65_000)] {
                    let peer = try Peer(context, local)
                    try peer.hello(pid: pid, seat: seat)
                    guard try peer.refusal().contains("seat \(seat)") else {
                        throw Peer.Unexpected(what: "the refusal does not name the seat")
                    }
                }
            }
            try work(
                WorkerLoop.Invitation(endpoint: local, secret: secret), context, cache: scratch.cache("worker"),
                seat: ticket)
            try problem.get()
        }
        #expect(trained.joined == 1)
        #expect(try trained.session.parameters.values.sha256 == lesson.digest())
    }

    @Test func `What is no shared memory is no seat`() throws {
        let memory = try SharedMemory()
        let seat = try #require(try memory.makeSeat())
        let null = open("/dev/null", O_RDWR)
        func take(_ number: Int, _ board: Int32, _ desk: Int32) throws {
            let tally = dup(seat.descriptors[3])
            _ = try WorkerSeat(number, descriptors: (board: dup(board), desk: dup(desk), bell: dup(null), tally: tally))
        }
        try take(seat.number, seat.descriptors[0], seat.descriptors[1])
        #expect(throws: Failure.self) { try take(64, seat.descriptors[0], seat.descriptors[1]) }
        #expect(throws: Failure.self) { try take(0, null, seat.descriptors[1]) }
        #expect(throws: Failure.self) { try take(0, seat.descriptors[0], null) }
        #expect(throws: Failure.self) { try take(0, seat.descriptors[1], seat.descriptors[1]) }
        // A worker cannot write on the board.
        #expect(throws: Failure.self) { try take(0, seat.descriptors[0], seat.descriptors[0]) }
    }

    /// What lies on a desk is read until its worker is given more, so a second gradient is not computed there.
    @Test func `A desk is given one gradient at a time`() throws {
        let memory = try SharedMemory()
        let ticket = try SeatTicket(memory)
        let seat = try ticket.take()
        func work(_ kind: Work.Kind, _ shard: Int) -> Work {
            Work(
                kind: kind, round: 1, generation: 0, step: 0, split: .training, shards: shard..<shard + 1,
                bounds: [0, 1], examples: [7])
        }
        #expect(!memory.post(work(.gradient, 0), epoch: 1, on: 0))
        _ = try memory.begin(parameterCount: 5)
        try memory.prepareDesk(0)
        try seat.prepare(parameterCount: 5)
        #expect(memory.post(work(.gradient, 0), epoch: 1, on: 0))
        #expect(!memory.post(work(.gradient, 0), epoch: 1, on: 0))
        #expect(!memory.post(work(.gradient, 1), epoch: 1, on: 0))
        #expect(memory.post(work(.evaluation, 2), epoch: 1, on: 0))
        #expect(!memory.post(work(.evaluation, 3), epoch: 1, on: 0))
        #expect(memory.busyCount == 1 && !memory.hasAnswer)
        for expected in [0, 2] {
            let (sequence, epoch, work) = try #require(try seat.nextCommand())
            #expect(work.shards.lowerBound == expected && work.examples == [7] && epoch == 1)
            seat.answer(
                WorkResult(
                    round: 1, shards: work.shards,
                    partial: Partial(loss: 1, terms: 1, gradient: expected == 0 ? seat.gradient : nil)), to: sequence,
                epoch: epoch, computeSeconds: 0)
            #expect(memory.hasAnswer)
            let (answer, command, gradient) = try #require(try memory.nextAnswer(on: 0))
            #expect(command?.shards == work.shards && answer.body.terms == 1)
            #expect((gradient != nil) == (expected == 0))
        }
        #expect(try seat.nextCommand() == nil && memory.nextAnswer(on: 0) == nil)
        #expect(memory.post(work(.gradient, 1), epoch: 1, on: 0))
    }

    /// Seats of workers that are all busy with a gradient.
    private func busySeats(
        _ count: Int, _ memory: SharedMemory, processes: [pid_t]? = nil
    ) throws -> [WorkerSeat] {
        let seats = try (0..<count).map { try SeatTicket(memory, process: processes?[$0] ?? getpid()).take() }
        _ = try memory.begin(parameterCount: 5)
        for seat in seats {
            try memory.prepareDesk(seat.number)
            try seat.prepare(parameterCount: 5)
        }
        post(seats.count, memory)
        return seats
    }

    /// Gives each of the first seats a gradient to compute.
    private func post(_ count: Int, _ memory: SharedMemory, round: UInt64 = 1) {
        for number in 0..<count {
            let work = Work(
                kind: .gradient, round: round, generation: 0, step: 0, split: .training, shards: number..<number + 1,
                bounds: [0, 1], examples: [7])
            #expect(memory.post(work, epoch: 1, on: number))
        }
        memory.callWorkers()
    }

    /// A seat whose command may be answered on another thread.
    private final class Gate: @unchecked Sendable {
        // Unchecked, because one thread answers, and the other looks when it is told that it has.
        private let seat: WorkerSeat
        private let answered = Atomic(false)

        init(_ seat: WorkerSeat) { self.seat = seat }

        var isAnswered: Bool { answered.load(ordering: .acquiring) }

        func answer() throws {
            let (sequence, epoch, work) = try #require(try seat.nextCommand())
            answered.store(true, ordering: .releasing)
            seat.answer(
                WorkResult(
                    round: work.round, shards: work.shards,
                    partial: Partial(loss: 1, terms: 1, gradient: seat.gradient)), to: sequence, epoch: epoch,
                computeSeconds: 0)
        }
    }

    /// Answers on a thread of its own, one after the other.
    private func answerSoon(_ gates: [Gate]) -> Background {
        Background {
            for gate in gates {
                usleep(5000)
                try gate.answer()
            }
        }
    }

    /// Whether the bell was rung since it was silent last.
    private func isRung(_ memory: SharedMemory) throws -> Bool {
        var poller = Poller()
        let bell = poller.add(descriptor: memory.bellDescriptor)
        _ = try poller.wait(within: .zero)
        defer { memory.silenceBell() }
        return poller.readiness(of: bell).contains(.readable)
    }

    @Test(arguments: [1, 2, 4]) func `The last answer of all wakes the coordinator`(_ count: Int) throws {
        let memory = try SharedMemory()
        let seats = try busySeats(count, memory)
        for looked in 0..<count {
            // Some were looked at already; the others answer one after the other.
            for seat in seats[..<looked] {
                try Gate(seat).answer()
                #expect(try memory.nextAnswer(on: seat.number) != nil)
            }
            let gates = seats[looked...].map { Gate($0) }
            let thread = answerSoon(gates)
            memory.sleepUntilAllAnswered(within: .seconds(20))
            #expect(gates.allSatisfy { $0.isAnswered })
            #expect(try thread.finish() == nil)
            for seat in seats[looked...] { #expect(try memory.nextAnswer(on: seat.number) != nil) }
            post(count, memory)
        }
    }

    @Test func `Nobody is waited for who has answered`() throws {
        let memory = try SharedMemory()
        let seats = try busySeats(2, memory)
        try Gate(seats[0]).answer()
        let start = ContinuousClock.now
        memory.sleepUntilAllAnswered(within: .seconds(20))
        #expect(ContinuousClock.now - start < .seconds(10))
        // The time is kept to, if nobody answers.
        #expect(try memory.nextAnswer(on: 0) != nil)
        memory.sleepUntilAllAnswered(within: .milliseconds(5))
        #expect(!memory.hasAnswer)
    }

    /// A worker that hangs owes its answer while the others go from round to round.
    @Test func `An answer of an earlier round is not waited for`() throws {
        let memory = try SharedMemory()
        let seats = try busySeats(3, memory)
        for round in UInt64(2)...4 {
            for seat in seats[..<2] {
                try Gate(seat).answer()
                #expect(try memory.nextAnswer(on: seat.number) != nil)
            }
            post(2, memory, round: round)
            #expect(memory.dueCount == 2 && memory.busyCount == 3)
            let gates = seats[..<2].map { Gate($0) }
            let thread = answerSoon(gates)
            let start = ContinuousClock.now
            memory.sleepUntilAllAnswered(within: .seconds(20))
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(try thread.finish() == nil)
            for seat in seats[..<2] { #expect(try memory.nextAnswer(on: seat.number) != nil) }
            post(2, memory, round: round)
        }
    }

    @Test func `At the bell the first answer is enough`() throws {
        let memory = try SharedMemory()
        let seats = try busySeats(3, memory)
        memory.beginSleepAtBell()
        #expect(try !isRung(memory))
        try Gate(seats[1]).answer()
        #expect(try isRung(memory))
        memory.endSleep()
        try Gate(seats[2]).answer()
        #expect(try !isRung(memory))
    }

    /// The tally can be written by every worker; that must not matter to anything but the time.
    @Test func `A tally full of anything changes nothing`() throws {
        let lesson = try Lesson("q3", "{ hidden: [8], batchSize: 640, epochs: 2, learningRate: 0.01 }")
        let scratch = try Scratch()
        let context = try Context()
        let memory = try SharedMemory()
        let tickets = try (0..<3).map { _ in try SeatTicket(memory) }
        let trained = try ExchangeTests.train(lesson, scratch: scratch, context: context, memory: memory) { local, _ in
            let threads = tickets.enumerated().map { number, ticket in
                Background {
                    try work(
                        WorkerLoop.Invitation(endpoint: local, secret: secret), context,
                        cache: scratch.cache("worker \(number)"), seat: ticket)
                }
            }
            let tally = try SharedFile(inherited: dup(tickets[0].descriptors[3])).map(byteCount: 4096, writable: true)
            for _ in 0..<300 {
                tally.start.storeBytes(of: .random(in: .min ... .max), as: UInt32.self)
                usleep(2000)
            }
            for thread in threads { if let error = try thread.finish() { throw error } }
        }
        #expect(try trained.session.parameters.values.sha256 == lesson.digest())
        #expect(trained.lossReasons.isEmpty)
    }

    /// The processes are others than this one, whose threads belong to all tests at once.
    @Test(.enabled(if: platform_processor_count() > 1, "there is one processor only"))
    func `Workers that ran on one processor are placed on several`() throws {
        let memory = try SharedMemory()
        let workers = try (0..<2).map { _ in
            try Process.run(URL(filePath: "/bin/sleep"), arguments: ["60"])
        }
        defer { for worker in workers { worker.terminate() } }
        let pids = workers.map(\.processIdentifier)
        // A process begins where the thread that started it may run.
        for pid in pids { #expect(platform_place_thread(pid, -1) == 0) }
        let all = Affinity.processors(of: pids[0])
        let first = try #require(all.min())
        let last = try #require(all.max())
        let seats = try busySeats(2, memory, processes: pids)
        func places(_ found: [Int32]) throws -> [Int32] {
            for (seat, processor) in zip(seats, found) {
                try Gate(seat).answer()
                #expect(try memory.nextAnswer(on: seat.number) != nil)
                SharedWord(seat.deskControl.start, at: DeskLayout.processor).value = UInt32(bitPattern: processor)
            }
            post(2, memory)
            return [0, 1].map { memory.avoidedProcessor(on: $0) }
        }
        func mayRun() -> [Set<Int32>] { pids.map { Affinity.processors(of: $0) } }
        #expect(try places([last, last]) == [-1, last])
        #expect(mayRun() == [all, all.subtracting([last])])
        #expect(try places([last, first]) == [-1, -1])
        #expect(mayRun() == [all, all])
        #expect(try places([.max, .max]) == [-1, .max])
        #expect(mayRun() == [all, all])
    }

    /// Who joins anew leaves out the commands that it was given before; what it is given then counts as any other.
    @Test func `Commands that were left out take nobody's place`() throws {
        let memory = try SharedMemory()
        let seat = try SeatTicket(memory).take()
        _ = try memory.begin(parameterCount: 5)
        try memory.prepareDesk(0)
        try seat.prepare(parameterCount: 5)
        func post(_ shard: Int) -> Bool {
            let work = Work(
                kind: .evaluation, round: 1, generation: 0, step: 0, split: .test, shards: shard..<shard + 1,
                bounds: [0, 1], examples: [7])
            return memory.post(work, epoch: 1, on: 0)
        }
        for leftOut in 1...3 {
            while memory.lastCommand(on: 0) % 4 != UInt32(leftOut) {
                #expect(post(0))
                memory.seat(0, isOf: nil)
            }
            memory.seat(0, isOf: WorkerID(leftOut))
            seat.skipCommands()
            #expect(post(4) && post(5))
            for shard in [4, 5] {
                let (sequence, epoch, work) = try #require(try seat.nextCommand())
                seat.answer(
                    WorkResult(round: 1, shards: work.shards, partial: Partial(loss: 1, terms: 1)), to: sequence,
                    epoch: epoch, computeSeconds: 0)
                var found: Int?
                while let (_, command, _) = try memory.nextAnswer(on: 0) { found = command?.shards.lowerBound ?? found }
                #expect(found == shard)
            }
        }
    }

    @Test func `Memory never shrinks under those who use it`() throws {
        let file = try SharedFile("test", byteCount: 8192)
        let memory = try file.map(byteCount: 8192, writable: true)
        #expect(ftruncate(file.descriptor, 4096) == -1)
        try file.grow(to: 4096)
        memory.start.storeBytes(of: 7, toByteOffset: 8184, as: UInt64.self)
        try file.grow(to: 16_384)
        let other = try file.map(offset: 4096, byteCount: 12_288, writable: false)
        withExtendedLifetime((memory, other)) {
            #expect(other.start.load(fromByteOffset: 4088, as: UInt64.self) == 7)
        }
        #expect(throws: Failure.self) { try file.map(offset: 4096, byteCount: 12_289, writable: false) }
    }
}
