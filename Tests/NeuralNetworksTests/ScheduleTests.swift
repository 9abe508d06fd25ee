import NeuralNetworks
import Testing

/// What the golden values do not reach: ends, and degenerate totals.
@Suite struct ScheduleTests {
    private let all: [Schedule] = [
        .constant, .oneCycle(), .oneCycle(warmUp: 0), .oneCycle(warmUp: 1), .oneCycle(warmUp: 0.5), .cosine(),
        .cosine(floor: 0.01), .step(every: 3, factor: 0.5), .linearWarmUp(steps: 4), .linearWarmUp(steps: 0),
        .linearWarmUp(steps: 4, then: .cosine()), .linearWarmUp(steps: 2, then: .oneCycle()),
    ]

    @Test(arguments: 0...12) func ratesAreFiniteAndWithinTheBase(total: Int) {
        for schedule in all {
            for step in 0...total + 3 {
                let rate = schedule.rate(step: step, of: total, base: 0.1)
                #expect(rate.isFinite && rate >= 0 && rate <= 0.1000001, "\(schedule), step \(step): \(rate)")
            }
        }
    }

    @Test func oneCycleStartsPeaksAndEndsWhereItSays() {
        let schedule = Schedule.oneCycle()
        #expect(abs(schedule.rate(step: 0, of: 100, base: 1) - 0.04) < 1e-7)
        #expect(schedule.rate(step: 29, of: 100, base: 1) == 1)
        #expect(abs(schedule.rate(step: 99, of: 100, base: 1) - 4e-6) < 1e-9)
        #expect(schedule.rate(step: 500, of: 100, base: 1) == schedule.rate(step: 99, of: 100, base: 1))
    }

    @Test func whatFollowsAWarmUpStartsFromItsOwnBeginning() {
        let schedule = Schedule.linearWarmUp(steps: 10, then: .cosine())
        #expect(abs(schedule.rate(step: 4, of: 110, base: 1) - 0.5) < 1e-7)
        #expect(schedule.rate(step: 10, of: 110, base: 1) == 1)
        #expect(abs(schedule.rate(step: 60, of: 110, base: 1) - 0.5) < 1e-7)
        #expect(schedule.rate(step: 110, of: 110, base: 1) == 0)
    }
}
