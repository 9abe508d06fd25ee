/// What is usual in a run: how many workers, how fast, and how often which things go wrong; the quiet run's by default.
struct Climate {
    var workers = 1
    var minimumWorkers = 1
    /// The time of the shortest piece of work, in microseconds.
    var pace = 500
    /// The time between two checkpoints, in microseconds.
    var checkpointInterval = 100_000
    /// The longest time between two faults, in microseconds.
    var faultGap = 0
    /// How many in a thousand messages are lost, doubled, and late.
    var lost = 0
    var doubled = 0
    var late = 0
    var disk = SimulatedDisk.Temper()

    /// The quiet run's.
    init() {}

    /// Draws one.
    init(_ random: inout SimulatedRandom) {
        func one(of values: [Int]) -> Int { values[random.number(in: 0...values.count - 1)] }
        workers = random.number(in: 1...5)
        minimumWorkers = workers > 1 && random.happens(200) ? 2 : 1
        pace = one(of: [500, 2000, 10_000])
        checkpointInterval = one(of: [0, 20_000, 200_000, 1_000_000])
        faultGap = one(of: [30_000, 300_000, 300_000, 1_500_000])
        lost = one(of: [0, 10, 100])
        doubled = one(of: [0, 20, 200])
        late = one(of: [0, 20, 100])
        disk.full = one(of: [0, 0, 30, 200])
        disk.failing = one(of: [0, 0, 30, 200])
        disk.lying = one(of: [0, 0, 0, 100, 500])
        disk.slow = one(of: [0, 0, 20, 200])
    }
}
