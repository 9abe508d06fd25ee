import Platform

/// A 32-bit word in memory that several processes or threads use; all accesses have one order.
struct SharedWord {
    let address: UnsafeMutablePointer<UInt32>

    init(_ memory: UnsafeMutableRawPointer, at offset: Int) {
        address = (memory + offset).assumingMemoryBound(to: UInt32.self)
    }

    var value: UInt32 {
        get { platform_load(address) }
        nonmutating set { platform_store(address, newValue) }
    }

    /// Adds one; the sum.
    @discardableResult func increment() -> UInt32 { platform_increment(address) }

    /// Whether the word had a value, and now has another.
    func change(from old: UInt32, to new: UInt32) -> Bool { platform_change(address, old, new) != 0 }
}

/// The board: what the coordinator writes for all of its local workers, and they read.
///
///     0 how the coordinator sleeps (`CoordinatorSleep`)   8 the tally of answers at which it is to be woken
///     64 gate: changes with each call of workers, who sleep there under the names of their seats   4096 the seats
///     controlByteCount: the parameters
///
/// A seat, which one process of a worker has at a time:
///
///     0 the last command   4 messages sent by ZeroMQ
///     4096 two commands in turns
enum BoardLayout {
    /// The most local workers that have a seat; others exchange by messages.
    static let seats = 64
    static let coordinatorSleep = 0
    static let awaitedTally = 8
    static let gate = 64
    static let seatByteCount = 1 << 17
    static let seatHeader = 4096
    static let lastCommand = 0
    static let mail = 4
    static let commandByteCount = (seatByteCount - seatHeader) / 2
    /// What comes before the parameters.
    static let controlByteCount = 4096 + seats * seatByteCount

    static func seat(_ number: Int) -> Int { 4096 + number * seatByteCount }

    /// The name under which the worker of a seat sleeps at the gate; others may share it, and are woken in vain.
    static func name(_ number: Int) -> UInt32 { 1 << UInt32(number % 32) }

    /// Where a command of a seat lies, from the beginning of the seat.
    static func command(_ sequence: UInt32) -> Int { seatHeader + Int(sequence % 2) * commandByteCount }

    /// The memory from the parameters to the end.
    static func parameterByteCount(_ count: Int) -> Int { max(count, 1) * MemoryLayout<Float>.stride }
}

/// How the coordinator is woken.
enum CoordinatorSleep: UInt32 {
    /// Not at all: it is awake.
    case none
    /// By its bell: it waits for more than answers.
    case atBell
    /// By a call at the tally.
    case atTally
}

/// A desk: what one local worker writes, and the coordinator reads.
///
///     0 the worker sleeps, so wake it at the gate   4 the last command that was answered   8 the processor it ran on last
///     256 two answers in turns
///     4096: the gradient
enum DeskLayout {
    static let workerSleeps = 0
    static let lastAnswer = 4
    static let processor = 8
    /// What comes before the gradient.
    static let controlByteCount = 4096

    /// Where an answer lies.
    static func answer(_ sequence: UInt32) -> Int { 256 + Int(sequence % 2) * 128 }

    static func gradientByteCount(_ count: Int) -> Int { max(count, 1) * MemoryLayout<Float>.stride }
}
