import Diagnostics
import Platform
import Training

/// An answer on a desk.
///
///     0 sequence u32   4 epoch u32   8 round u64   16 first shard u32   20 shards u32   24 loss f64   32 terms i64
///     40 correct i64   48 mistake i64   56 seconds f64   64 has a gradient u64   72 allocations i64   80 time i64
struct SharedAnswer {
    let sequence: UInt32
    let epoch: UInt32
    let round: UInt64
    let firstShard: UInt32
    let shardCount: UInt32
    let body: ResultBody
    let hasGradient: Bool
    /// The allocations the process of the worker has made so far; negative if nobody counts them.
    let allocations: Int64
    /// When it was there, in nanoseconds of the clock of the host, as its worker says.
    let time: Int64
}

extension SharedAnswer {
    init(
        _ result: WorkResult, sequence: UInt32, epoch: UInt32, computeSeconds: Double, allocations: Int64, time: Int64
    ) {
        self.sequence = sequence
        self.epoch = epoch
        round = result.round
        firstShard = UInt32(truncatingIfNeeded: result.shards.lowerBound)
        shardCount = UInt32(truncatingIfNeeded: result.shards.count)
        body = ResultBody(result, computeSeconds: computeSeconds)
        hasGradient = result.partial.gradient != nil
        self.allocations = allocations
        self.time = time
    }

    /// Copies what is there, which may be anything; see `check(answers:)`.
    init(from memory: UnsafeRawPointer) {
        func number<Number: BitwiseCopyable>(_ offset: Int, _ type: Number.Type) -> Number {
            memory.load(fromByteOffset: offset, as: type)
        }
        sequence = number(0, UInt32.self)
        epoch = number(4, UInt32.self)
        round = number(8, UInt64.self)
        firstShard = number(16, UInt32.self)
        shardCount = number(20, UInt32.self)
        body = ResultBody(
            loss: number(24, Double.self), terms: number(32, Int64.self), correct: number(40, Int64.self),
            mistake: number(48, Int64.self), computeSeconds: number(56, Double.self))
        hasGradient = number(64, UInt64.self) != 0
        allocations = number(72, Int64.self)
        time = number(80, Int64.self)
    }

    func write(to memory: UnsafeMutableRawPointer) {
        memory.storeBytes(of: sequence, toByteOffset: 0, as: UInt32.self)
        memory.storeBytes(of: epoch, toByteOffset: 4, as: UInt32.self)
        memory.storeBytes(of: round, toByteOffset: 8, as: UInt64.self)
        memory.storeBytes(of: firstShard, toByteOffset: 16, as: UInt32.self)
        memory.storeBytes(of: shardCount, toByteOffset: 20, as: UInt32.self)
        memory.storeBytes(of: body.loss, toByteOffset: 24, as: Double.self)
        memory.storeBytes(of: body.terms, toByteOffset: 32, as: Int64.self)
        memory.storeBytes(of: body.correct, toByteOffset: 40, as: Int64.self)
        memory.storeBytes(of: body.mistake, toByteOffset: 48, as: Int64.self)
        memory.storeBytes(of: body.computeSeconds, toByteOffset: 56, as: Double.self)
        memory.storeBytes(of: hasGradient ? 1 : 0, toByteOffset: 64, as: UInt64.self)
        memory.storeBytes(of: allocations, toByteOffset: 72, as: Int64.self)
        memory.storeBytes(of: time, toByteOffset: 80, as: Int64.self)
    }

    /// How long it has been there; nothing if its worker says what cannot be.
    var age: Duration {
        let (age, overflows) = platform_nanoseconds().subtractingReportingOverflow(time)
        return overflows || age < 0 ? .zero : .nanoseconds(age)
    }

    /// Sees that it answers a command, with numbers that are possible at all.
    func check(answers command: SharedMemory.Command) throws {
        guard epoch == command.epoch, round == command.round, Int(firstShard) == command.shards.lowerBound,
            Int(shardCount) == command.shards.count
        else {
            throw Failure(
                .workers, "malformed answer in shared memory", because: "it is not to what the worker was asked")
        }
        try body.check()
    }
}
