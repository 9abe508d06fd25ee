import Diagnostics
import Glibc
import Testing
import Training

@testable import Commands

/// Which blows a plan deals in the course of a run.
@Suite struct ChaosTests {
    /// Lets a question of some steps pass, and collects the blows to three workers until none is due any more.
    private func blows(_ text: String, steps: Int = 50, totalSteps: Int? = 50) throws -> [Chaos.Blow] {
        let chaos = Chaos(try ChaosPlan(text), lease: .milliseconds(50))
        chaos.observe(Self.start)
        var blows: [Chaos.Blow] = []
        for step in 1...steps {
            chaos.observe(
                .stepCompleted(step: step, totalSteps: totalSteps, epoch: 0, loss: 0, examples: 1))
            blows += chaos.due([0, 1, 2])
        }
        let end = ContinuousClock.now + .seconds(10)
        while let time = chaos.timeToNext, ContinuousClock.now < end {
            usleep(UInt32(time.seconds * 1_000_000) + 1)
            blows += chaos.due([0, 1, 2])
        }
        return blows
    }

    private static let start = TrainingEvent.started(
        TrainingEvent.Start(
            question: "q", title: "", workers: 3, shards: 4, batchSize: 8, parameterCount: 1, dataSource: "",
            isSynthetic: true, metric: .loss, threshold: 0))

    @Test(arguments: [Int?.some(50), nil]) func aNumberStrikesThatOften(totalSteps: Int?) throws {
        let blows = try blows("kill=7,stop=4,seed=3", totalSteps: totalSteps)
        func count(_ isIt: (Chaos.Blow) -> Bool) -> Int { blows.count(where: isIt) }
        #expect(count { if case .kill = $0 { true } else { false } } == 7)
        #expect(count { if case .stop = $0 { true } else { false } } == 4)
    }

    @Test func whoeverIsStoppedGoesOn() throws {
        let chaos = Chaos(try ChaosPlan("stop=3"), lease: .seconds(3600))
        chaos.observe(Self.start)
        chaos.observe(.stepCompleted(step: 1, totalSteps: 1, epoch: 0, loss: 0, examples: 1))
        usleep(30_000)
        let stopped = chaos.due([0, 1, 2]).compactMap { if case .stop(let worker) = $0 { worker } else { nil } }
        #expect(stopped.sorted() == [0, 1, 2], "a stopped worker is not stopped again")
        #expect(chaos.end() == [.proceed(0), .proceed(1), .proceed(2)])
        #expect(chaos.timeToNext == nil)
    }

    @Test func aSlowWorkerStopsAndGoesOnInTurns() throws {
        let blows = try blows("slow=1")
        #expect(blows.count > 20)
        for (index, blow) in blows.dropLast().enumerated() {
            if case .stop = blow { #expect(index % 2 == 0) } else { #expect(index % 2 == 1) }
        }
        if case .stop = blows.last { Issue.record("it is left stopped") }
    }

    @Test func aTimeStrikesAgainAndAgain() throws {
        let chaos = Chaos(try ChaosPlan("kill=1ms"), lease: .seconds(1))
        var kills = 0
        for _ in 0..<20 {
            usleep(2000)
            kills += chaos.due([5]).count { $0 == .kill(5) }
        }
        #expect(kills >= 10)
        #expect(chaos.story == "\(kills) × kill")
    }

    @Test func whatStrikesIsDecidedByTheSeed() throws {
        func kills(_ seed: Int) throws -> [Chaos.Blow] {
            try blows("kill=12,seed=\(seed)").sorted { "\($0)" < "\($1)" }
        }
        #expect(try kills(1) == kills(1))
        #expect(try kills(1) != kills(2))
    }

    @Test func messagesAreLostAtTheRate() throws {
        let chaos = Chaos(try ChaosPlan("drop=10%"), lease: .seconds(1))
        let lost = (0..<10_000).count { _ in chaos.losesMessage() }
        #expect((800...1200).contains(lost))
        #expect(chaos.story == "\(lost) messages lost")
        let none = Chaos(try ChaosPlan("kill=1"), lease: .seconds(1))
        #expect(!(0..<1000).contains { _ in none.losesMessage() })
    }
}
