import Exchange
import Tensors
import Training

/// Decides which fault strikes which worker process when; whoever owns the processes asks it and sends the signals.
///
/// Belongs to one thread. It knows no process but by its number, and reads no clock but the times it is given.
final class Chaos {
    /// A signal to be sent to one worker.
    enum Blow: Equatable {
        case kill(Int)
        case stop(Int)
        case proceed(Int)
    }

    /// A fault that is due, or the end of one.
    private struct Appointment {
        let time: Duration
        let kind: Kind

        enum Kind {
            case strike(ChaosPlan.Fault)
            case proceed(Int)
            /// The next stop of a slow worker, which is slow until a time.
            case limp(Int, until: Duration)
        }
    }

    private let plan: ChaosPlan
    private let lease: Duration
    private let key: RandomKey
    private var draws: UInt64 = 0
    private let clock = ContinuousClock.now
    private var appointments: [Appointment] = []
    /// The fractions of the question at which faults of a number strike, in order.
    private var fractions: [(fraction: Double, fault: ChaosPlan.Fault)] = []
    private var stopped: Set<Int> = []
    private var struck: [ChaosPlan.Fault: Int] = [:]
    private var lost = 0
    /// Where nobody says how many steps a question takes, faults are spread over so many.
    private static let usualSteps = 32.0
    /// The fraction of a question by which the last fault of a number has struck, so that none comes too late.
    private static let lastFraction = 0.9
    /// How long after its step a fault strikes at most, so that it hits every part of one.
    private static let longestDelay = Duration.milliseconds(20)
    /// Of each beat a slow worker is stopped for all but a tenth.
    private static let beat = Duration.milliseconds(10)

    /// Prepares the faults of a run.
    init(_ plan: ChaosPlan, lease: Duration) {
        self.plan = plan
        self.lease = lease
        key = RandomKey(seed: plan.seed).child("chaos")
        for case (let fault, .every(let interval)) in sorted {
            appointments.append(Appointment(time: interval, kind: .strike(fault)))
        }
    }

    private var sorted: [(ChaosPlan.Fault, ChaosPlan.Frequency)] {
        plan.frequencies.sorted { $0.key.rawValue < $1.key.rawValue }
    }

    private var now: Duration { ContinuousClock.now - clock }

    /// A random number in [0, 1).
    private func draw() -> Double {
        draws += 1
        return Double(key.uniform(at: draws))
    }

    /// Follows the run, whose steps some faults go by.
    func observe(_ event: TrainingEvent) {
        switch event {
        case .started:
            fractions = []
            for case (let fault, .times(let count)) in sorted {
                fractions += (0..<count).map { _ in (draw() * Self.lastFraction, fault) }
            }
            fractions.sort { $0.fraction > $1.fraction }
        case .stepCompleted(let step, let totalSteps, _, _, _):
            let done = Double(step) / (totalSteps.map(Double.init) ?? Self.usualSteps)
            while let next = fractions.last, next.fraction <= done {
                fractions.removeLast()
                appointments.append(
                    Appointment(time: now + Self.longestDelay * draw(), kind: .strike(next.fault)))
            }
        default: break
        }
    }

    /// The time until something is due; nil if nothing is.
    var timeToNext: Duration? { appointments.map(\.time).min().map { max($0 - now, .zero) } }

    /// What is due by now.
    ///
    /// - Parameter workers: the numbers of the processes that are alive.
    func due(_ workers: [Int]) -> [Blow] {
        let time = now
        let due = appointments.filter { $0.time <= time }
        appointments.removeAll { $0.time <= time }
        return due.flatMap { keep($0, workers.sorted(), time) }
    }

    private func keep(_ appointment: Appointment, _ workers: [Int], _ time: Duration) -> [Blow] {
        switch appointment.kind {
        case .proceed(let worker): return proceed(worker)
        case .limp(let worker, let end):
            guard time < end, workers.contains(worker) else { return proceed(worker) }
            let isStopping = stopped.insert(worker).inserted
            if !isStopping { stopped.remove(worker) }
            appointments.append(
                Appointment(
                    time: time + (isStopping ? Self.beat * 9 / 10 : Self.beat / 10), kind: appointment.kind))
            return [isStopping ? .stop(worker) : .proceed(worker)]
        case .strike(let fault):
            if case .every(let interval) = plan.frequencies[fault] {
                appointments.append(Appointment(time: max(appointment.time + interval, time), kind: appointment.kind))
            }
            let candidates = workers.filter { fault == .kill || !stopped.contains($0) }
            guard !candidates.isEmpty else {
                // Nobody is there just now; a fault of a number is not let off.
                if case .times = plan.frequencies[fault] {
                    appointments.append(Appointment(time: time + Self.longestDelay, kind: appointment.kind))
                }
                return []
            }
            return strike(fault, candidates[Int(draw() * Double(candidates.count))], time)
        }
    }

    private func strike(_ fault: ChaosPlan.Fault, _ worker: Int, _ time: Duration) -> [Blow] {
        struck[fault, default: 0] += 1
        switch fault {
        case .kill:
            forget(worker)
            return [.kill(worker)]
        case .stop:
            stopped.insert(worker)
            appointments.append(Appointment(time: time + lease * 2 * draw(), kind: .proceed(worker)))
            return [.stop(worker)]
        case .slow:
            appointments.append(
                Appointment(time: time, kind: .limp(worker, until: time + .seconds(0.5 + 1.5 * draw()))))
            return []
        }
    }

    private func proceed(_ worker: Int) -> [Blow] { stopped.remove(worker) == nil ? [] : [.proceed(worker)] }

    /// Forgets what was to happen to a worker whose process has ended.
    func forget(_ worker: Int) {
        stopped.remove(worker)
        appointments.removeAll { appointment in
            switch appointment.kind {
            case .proceed(worker), .limp(worker, _): true
            default: false
            }
        }
    }

    /// Ends all faults.
    ///
    /// - Returns: what lets the stopped workers go on.
    func end() -> [Blow] {
        appointments = []
        fractions = []
        defer { stopped = [] }
        return stopped.sorted().map { .proceed($0) }
    }

    /// What has happened so far, as a clause: `5 kills, 2 stops, 17 messages lost`.
    var story: String {
        let faults = sorted.map { fault, _ in "\(struck[fault, default: 0]) × \(fault.rawValue)" }
        return (faults + (plan.lossRate > 0 ? ["\(lost) messages lost"] : [])).joined(separator: ", ")
    }
}

extension Chaos: MessageLoss {
    /// Whether a message is to be lost.
    func losesMessage() -> Bool {
        guard plan.lossRate > 0, draw() < plan.lossRate else { return false }
        lost += 1
        return true
    }
}
