import Diagnostics
import Glibc
import Synchronization
import Threads

/// Many simulated runs, each held against the quiet run of what it trains.
public final class Campaign: Sendable {
    /// What came of one seed.
    public struct Verdict: Sendable {
        /// The seed.
        public let seed: UInt64
        /// What was wrong; nil if all was well.
        public let problem: String?
        /// What happened to the run.
        public let counts: FaultCounts

        /// Creates a verdict.
        public init(seed: UInt64, problem: String?, counts: FaultCounts) {
            self.seed = seed
            self.problem = problem
            self.counts = counts
        }
    }

    /// What the quiet runs of all scenarios come to.
    private let quiet: [Simulator.Result]

    /// Makes the quiet runs.
    ///
    /// - Throws: `Failure`, or a problem, if even these fail.
    public init() throws {
        quiet = try Scenario.all.map { try Simulator(seed: nil, scenario: $0).run() }
    }

    /// Runs one seed.
    ///
    /// - Parameter trace: called with a line for each fault; nil to be told nothing.
    public func check(_ seed: UInt64, trace: ((String) -> Void)? = nil) -> Verdict {
        check(seed, plant: Simulator.Plant(), trace: trace)
    }

    func check(_ seed: UInt64, plant: Simulator.Plant, trace: ((String) -> Void)? = nil) -> Verdict {
        let index = Int(seed % UInt64(Scenario.all.count))
        var counts = FaultCounts()
        let problem: String?
        do {
            let simulator = try Simulator(seed: seed, scenario: Scenario.all[index], plant: plant, trace: trace)
            defer { counts = simulator.counts }
            let difference = try simulator.run().difference(from: quiet[index])
            problem = difference.map { Simulator.Problem.differs($0).description }
        } catch let found as Simulator.Problem {
            problem = found.description
        } catch {
            problem = Simulator.Problem.fails("\(error)").description
        }
        return Verdict(seed: seed, problem: problem, counts: counts)
    }

    /// Runs seeds on some threads; each run is by itself, so their number changes nothing but the time.
    ///
    /// - Parameter report: called with each verdict, by one thread at a time, in no particular order.
    /// - Throws: `Failure(.workers)` if no thread can be started.
    public func run(
        _ seeds: ClosedRange<UInt64>, threads: Int, report: @escaping @Sendable (Verdict) -> Void
    ) throws {
        precondition(threads > 0)
        let share = Share(campaign: self, seeds: seeds, report: report)
        var started: [JoinableThread] = []
        defer { for thread in started { thread.join() } }
        for _ in 0..<min(UInt64(threads), UInt64(seeds.count)) {
            do {
                started.append(try JoinableThread { share.work() })
            } catch {
                share.stop()
                throw Failure(.workers, "cannot start a thread", because: String(cString: strerror(error.status)))
            }
        }
    }
}

/// The seeds that are left, which threads take one after another.
private final class Share: Sendable {
    private let campaign: Campaign
    private let last: UInt64
    private let next: Mutex<UInt64?>
    private let report: Mutex<@Sendable (Campaign.Verdict) -> Void>

    init(campaign: Campaign, seeds: ClosedRange<UInt64>, report: @escaping @Sendable (Campaign.Verdict) -> Void) {
        self.campaign = campaign
        last = seeds.upperBound
        next = Mutex(seeds.lowerBound)
        self.report = Mutex(report)
    }

    func stop() {
        next.withLock { $0 = nil }
    }

    func work() {
        while let seed = take() {
            let verdict = campaign.check(seed)
            report.withLock { $0(verdict) }
        }
    }

    private func take() -> UInt64? {
        next.withLock { [last] next in
            defer { next = next.flatMap { $0 < last ? $0 + 1 : nil } }
            return next
        }
    }
}
