import Glibc
import Platform
import Synchronization
import Testing
import Threads

@testable import Exchange

/// Looking at a word for a short while, unless others want the processor.
@Suite(.timeLimit(.minutes(2))) struct AdaptiveSpinTests {
    /// A word of its own, which is 7.
    private final class Word: @unchecked Sendable {
        // Unchecked, because the word may be used by several threads.
        private let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
        let shared: SharedWord

        init() {
            shared = SharedWord(memory, at: 0)
            shared.value = 7
        }

        deinit {
            memory.deallocate()
        }
    }

    private static let processors = Affinity.processors(of: platform_thread())

    @Test func itEndsWhenTheWordChanges() throws {
        let word = Word()
        var spin = AdaptiveSpin(limit: .seconds(60))
        var hasChanged = spin.wait(while: word.shared, is: 8)
        #expect(hasChanged)
        let other = try JoinableThread {
            usleep(2000)
            word.shared.value = 9
        }
        // It may be kept waiting by another test.
        let deadline = ContinuousClock.now + .seconds(60)
        repeat {
            hasChanged = spin.wait(while: word.shared, is: 7)
        } while !hasChanged && ContinuousClock.now < deadline
        #expect(hasChanged)
        #expect(word.shared.value == 9)
        other.join()
    }

    @Test(arguments: [0, 1, 100, 5000]) func itEndsWhenTheTimeIsUp(microseconds: Int) {
        let word = Word()
        var spin = AdaptiveSpin(limit: .microseconds(microseconds))
        let hasChanged = spin.wait(while: word.shared, is: 7)
        #expect(!hasChanged)
    }

    /// Somebody else computes on the only processor there is for both.
    @Test func whoIsKeptWaitingDoesNotLookForAWhile() throws {
        let processor = try #require(Self.processors.first)
        let word = Word()
        let isOver = Atomic(false)
        let pauses = Atomic(0)
        let lastPause = Atomic(Int64(0))
        let laterPause = Atomic(Int64(0))
        let other = try JoinableThread {
            Affinity.restrict(to: processor)
            while !isOver.load(ordering: .relaxed) { platform_pause() }
        }
        let waiting = try JoinableThread {
            Affinity.restrict(to: processor)
            var spin = AdaptiveSpin(limit: .milliseconds(1))
            let deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline, pauses.load(ordering: .relaxed) < 3 {
                if spin.wait(while: word.shared, is: 7) { break }
                guard spin.isPausing else { continue }
                // Not even at a word that has another value.
                if spin.wait(while: word.shared, is: 8) { break }
                // The next time it pauses for longer.
                if spin.pause <= lastPause.exchange(spin.pause, ordering: .relaxed) { break }
                pauses.add(1, ordering: .relaxed)
                while ContinuousClock.now < deadline, spin.isPausing { usleep(1000) }
            }
            for _ in 0..<3 where spin.wait(while: word.shared, is: 8) {}
            laterPause.store(spin.pause, ordering: .relaxed)
        }
        waiting.join()
        isOver.store(true, ordering: .relaxed)
        other.join()
        #expect(pauses.load(ordering: .relaxed) == 3)
        #expect(laterPause.load(ordering: .relaxed) < lastPause.load(ordering: .relaxed))
    }
}
