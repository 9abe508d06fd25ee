import Diagnostics
import Glibc
import Platform
import Threads
import Training

/// A crew of the calling thread and some of its own, which look for the next task for a while and then sleep.
///
/// Whoever is still asleep when its owner has done its own part is not waited for: the owner does that part as well. A
/// processor that has nothing to do may take longer to wake up than a short task takes.
///
/// Belongs to one thread. Its threads end with it.
public final class ThreadCrew: Crew {
    /// What the owner and one of its threads share.
    private final class Place: @unchecked Sendable {
        // Unchecked, because the words below say who may touch the rest, and when.

        private let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 64)
        /// Counts the tasks; the thread sleeps here.
        let given: SharedWord
        /// The last task that was begun, by the thread, or by the owner in its place.
        let begun: SharedWord
        /// The last task that was done; the owner sleeps here.
        let done: SharedWord
        let isOwnerAsleep: SharedWord
        /// The number of the thread, and of the processor it ran on last; 0 before it did, else one more.
        private let thread: SharedWord
        private let processor: SharedWord
        private var placement = Placement()
        private var ownerSpin = AdaptiveSpin(limit: ThreadCrew.spin)
        var task: (any CrewTask)?
        var part = 0
        var parts = 0
        var isLast = false

        init() {
            memory.initializeMemory(as: UInt8.self, repeating: 0, count: 128)
            given = SharedWord(memory, at: 0)
            begun = SharedWord(memory, at: 4)
            done = SharedWord(memory, at: 64)
            isOwnerAsleep = SharedWord(memory, at: 68)
            thread = SharedWord(memory, at: 72)
            processor = SharedWord(memory, at: 76)
        }

        deinit {
            memory.deallocate()
        }

        /// Does tasks until there is to be no more.
        func work() {
            var seen: UInt32 = 0
            var isAwake = false
            var spin = AdaptiveSpin(limit: ThreadCrew.spin)
            thread.value = UInt32(bitPattern: platform_thread())
            while true {
                if !isAwake || !spin.wait(while: given, is: seen) {
                    while given.value == seen { platform_wait_while(given.address, seen, .max, .max) }
                }
                seen = given.value
                guard begun.change(from: seen &- 1, to: seen) else {
                    isAwake = false
                    continue
                }
                if isLast { return }
                task?.perform(part: part, of: parts)
                task = nil
                isAwake = true
                processor.value = UInt32(bitPattern: platform_processor() &+ 1)
                // From here on everything but the words is the owner's again.
                done.value = seen
                if isOwnerAsleep.value != 0 { platform_wake(done.address, .max) }
            }
        }

        /// Gives the thread a task, and wakes it if it sleeps.
        func give(_ task: (any CrewTask)?, part: Int, of parts: Int, isLast: Bool = false) {
            place()
            self.task = task
            self.part = part
            self.parts = parts
            self.isLast = isLast
            given.increment()
            platform_wake(given.address, .max)
        }

        /// Keeps the thread away from the owner's processor if it ran there last.
        private func place() {
            let own = platform_processor()
            guard thread.value != 0, own >= 0 else { return }
            let isThere = processor.value == UInt32(bitPattern: own &+ 1)
            placement.avoid(isThere ? own : -1, thread: Int32(bitPattern: thread.value))
        }

        /// Does the task if the thread has not begun it; else waits until it has done it.
        func finish() {
            let wanted = given.value
            if begun.change(from: wanted &- 1, to: wanted) {
                task?.perform(part: part, of: parts)
                task = nil
                done.value = wanted
                return
            }
            while done.value != wanted {
                let last = done.value
                if last == wanted || ownerSpin.wait(while: done, is: last) { continue }
                isOwnerAsleep.value = 1
                if done.value == last { platform_wait_while(done.address, last, .max, .max) }
                isOwnerAsleep.value = 0
            }
        }
    }

    /// How long a thread looks for the next task, or the owner for the end of one, before it sleeps.
    private static let spin = Duration.microseconds(30)

    /// The number of threads, the owner included.
    public var count: Int { places.count + 1 }
    private let places: [Place]
    private var threads: [JoinableThread] = []

    /// Starts the threads.
    ///
    /// - Parameter count: how many take part, the owner included.
    /// - Throws: `Failure(.workers)` if one cannot be started.
    public init(count: Int) throws {
        precondition(count > 0)
        places = (1..<count).map { _ in Place() }
        for place in places {
            do {
                threads.append(try JoinableThread { place.work() })
            } catch {
                throw Failure(.workers, "cannot start a thread", because: String(cString: strerror(error.status)))
            }
        }
    }

    deinit {
        for (place, thread) in zip(places, threads) {
            place.give(nil, part: 0, of: 0, isLast: true)
            thread.join()
        }
    }

    /// Has every part of a task done, by as many threads as are wanted.
    public func perform(_ task: any CrewTask, threads: Int) {
        let parts = max(1, min(threads, count))
        for part in 1..<max(parts, 1) where parts > 1 {
            places[part - 1].give(task, part: part, of: parts)
        }
        task.perform(part: 0, of: parts)
        for part in 1..<max(parts, 1) where parts > 1 { places[part - 1].finish() }
    }
}
