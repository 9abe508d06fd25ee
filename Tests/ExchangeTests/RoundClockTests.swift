import Diagnostics
import Platform
import Testing
import Training

@testable import Exchange

/// Where the time of rounds goes, whenever their answers are looked at.
@Suite struct RoundClockTests {
    @Test func `Answers count from when they were there`() {
        var clock = RoundClock()
        let before = ContinuousClock.now
        clock.assigned(round: 1)
        let start = ContinuousClock.now
        // Looked at in another order than they came, one of them as if it had come before the round.
        clock.answered(computeSeconds: 0.004, at: start + .milliseconds(9))
        clock.answered(computeSeconds: 0.003, at: start + .milliseconds(5))
        clock.answered(computeSeconds: 0.001, at: start + .milliseconds(7))
        clock.finish()
        #expect(abs(clock.wait - 0.004) < 1e-9)
        #expect(clock.compute == 0.004)
        #expect(clock.exchange > 0.005 - 1e-9 && clock.exchange < 0.005 + (start - before).seconds + 1e-9)
        let exchange = clock.exchange
        clock.assigned(round: 2)
        clock.answered(computeSeconds: 0, at: start - .seconds(5))
        clock.finish()
        #expect(clock.exchange == exchange)
    }

    @Test func `A piece was not answered before it was handed out`() {
        var watch = PieceWatch()
        let work = Work(
            kind: .gradient, round: 3, generation: 0, step: 0, split: .training, shards: 0..<1, bounds: [0, 1],
            examples: [7])
        for (age, isClamped) in [(Duration.seconds(60), true), (.zero, false)] {
            watch.assigned(work, to: WorkerID(1))
            let time = ContinuousClock.now - age
            let piece = watch.answered(by: WorkerID(1), round: 3, shards: 0..<1, computeSeconds: 0.5, at: time)
            #expect(piece?.answered == (isClamped ? piece?.assigned : time))
        }
    }

    @Test(arguments: [Int64.min, -1, 0, .max]) func `An answer of any time has an age`(_ time: Int64) {
        let answer = SharedAnswer(
            WorkResult(round: 1, shards: 0..<1, partial: Partial()), sequence: 1, epoch: 1, computeSeconds: 0,
            allocations: -1, time: time)
        let now = platform_nanoseconds()
        #expect(answer.age >= .zero)
        #expect(answer.age == .zero || answer.age >= .nanoseconds(now))
    }

    @Test func `The age is the time since`() {
        let before = platform_nanoseconds()
        let answer = SharedAnswer(
            WorkResult(round: 1, shards: 0..<1, partial: Partial()), sequence: 1, epoch: 1, computeSeconds: 0,
            allocations: -1, time: before - 1_000_000)
        let age = answer.age
        #expect(age >= .milliseconds(1) && age <= .nanoseconds(platform_nanoseconds() - before + 1_000_000))
    }
}
