import Diagnostics

/// Who takes part: leases, answers that never come, second copies of slow pieces, and too few workers.
extension Session {
    /// How long a session may go without an event, for leases to be kept to.
    public var longestSilence: Duration { membership.lease / 4 }

    /// Whether nothing follows from an answer before all have come that are due, unless one is too long in coming.
    public var needsAllAnswers: Bool { !round.hasWaiting && !round.isComplete }

    /// The time after which a `tick` would have a slow or overdue piece given out once more; nil if none could be.
    public var timeToSecondCopy: Duration? {
        guard let slow = pieceTimes.slow(round.kind), needsAllAnswers, hasEnoughWorkers
        else { return nil }
        var oldest: Duration?
        var isSomebodyIdle = false
        for place in 0..<roster.count where roster.debts(of: roster[place], after: overdue) == 0 {
            isSomebodyIdle = true
            guard let held = round.oldestHeld(besides: roster[place]) else { continue }
            oldest = min(oldest ?? held, held)
        }
        let due = isSomebodyIdle ? oldest.map { $0 + slow } : round.oldestHeld().map { $0 + patience }
        return due.map { max($0 - clock.elapsed, .zero) }
    }

    /// Work handed out at this time or before should long be answered; it does not keep its worker from being given
    /// other work, since it, or the answer, may be lost.
    private var overdue: Duration { clock.elapsed - patience }

    /// How long an answer is waited for.
    ///
    /// As long as somebody is idle there is time: whoever is silent may be stopped, and would only hold up more work.
    private var patience: Duration {
        guard let usual = pieceTimes.median(of: round.kind) else { return .seconds(1 << 40) }
        return max(usual * 20, isSomebodyIdle ? membership.lease / 2 : PieceTimes.shortestSlow * 2)
    }

    /// Whether a worker owes nothing at all.
    private var isSomebodyIdle: Bool { roster.freeCount(after: .seconds(-1)) > 0 }

    /// The number of workers that are not busy, as far as can be told.
    var freeCount: Int { roster.freeCount(after: overdue) }

    /// Whether work may be handed out.
    var hasEnoughWorkers: Bool { roster.count >= membership.minimumWorkers }

    /// Takes back what a worker held, if it was there.
    func remove(_ worker: WorkerID) -> Bool {
        guard roster.remove(worker) else { return false }
        reduction.keep(from: worker)
        outcome.workersLost += 1
        outcome.shardsReissued += round.takeBack(from: worker)
        return true
    }

    /// Puts out the workers that are silent, or that owe an answer for much too long.
    func evictLost(_ actions: inout [SessionAction]) {
        let time = clock.elapsed
        while let worker = roster.silent(since: time - membership.lease), remove(worker) {
            actions.append(.evict(worker, reason: "it was silent for \(membership.lease.seconds) s"))
        }
        let limit = answerLimit
        var areOwing = false
        while let worker = roster.owing(since: time - limit), remove(worker) {
            areOwing = true
            actions.append(.evict(worker, reason: "it did not answer for \(limit.seconds) s"))
        }
        // Perhaps nothing was lost, and the pieces simply take so long: then the next attempt has the time.
        if areOwing { answerAttempts += 1 }
    }

    /// How long an answer may take although its worker is heard of: a message may have been lost.
    private var answerLimit: Duration {
        let usual = pieceTimes.median(of: round.kind) ?? .zero
        return max(membership.lease * 6, usual * 20) * (1 << min(answerAttempts, 20))
    }

    /// Ends a session that has waited too long for workers.
    ///
    /// - Throws: `Failure(.workers)`.
    func checkWaiting() throws {
        if case .finished = phase { return }
        guard !hasEnoughWorkers, clock.elapsed - waitingSince >= membership.waitingLimit else { return }
        let ready = roster.count == 0 ? "none was" : "\(roster.count) of \(membership.minimumWorkers) were"
        throw Failure(
            .workers, roster.count == 0 ? "no worker is there" : "too few workers are there",
            because: "\(ready) ready for \(membership.waitingLimit.seconds) s",
            remedy: "start `worker --connect …` on a host, or take other --workers and --min-workers")
    }

    /// Gives waiting pieces of the round to workers that have room, then second copies of slow ones to idle workers.
    func handOut(_ actions: inout [SessionAction]) {
        guard hasEnoughWorkers, !round.isComplete else { return }
        // A second piece in hand hides the way of the answer; a step has one piece for each worker anyway.
        let room = round.kind == .evaluation ? 2 : 1
        for depth in 1...room {
            for place in 0..<roster.count where roster.debts(of: roster[place], after: overdue) < depth {
                guard let work = round.take(for: roster[place], at: clock.elapsed) else { break }
                assign(work, to: roster[place], &actions)
            }
        }
        guard !round.hasWaiting else { return }
        if isSomebodyIdle { round.giveUpFirst(heldSince: clock.elapsed - membership.lease) }
        defer { repeatLost(&actions) }
        guard freeCount > 0, let slow = pieceTimes.slow(round.kind) else { return }
        for place in 0..<roster.count where roster.debts(of: roster[place], after: overdue) == 0 {
            guard let work = round.takeCopy(for: roster[place], heldSince: clock.elapsed - slow, at: clock.elapsed)
            else { continue }
            assign(work, to: roster[place], &actions)
        }
    }

    /// Gives overdue pieces that nobody else was free for to their holders once more.
    ///
    /// Who is only slow computes them twice, and its second answer is stale.
    private func repeatLost(_ actions: inout [SessionAction]) {
        for (worker, work) in round.takeAgain(heldSince: overdue, at: clock.elapsed) {
            assign(work, to: worker, &actions)
        }
    }

    private func assign(_ work: Work, to worker: WorkerID, _ actions: inout [SessionAction]) {
        // It will write where its earlier answer to this round lies.
        reduction.keep(from: worker)
        roster.lend(work, to: worker, at: clock.elapsed)
        actions.append(.assign(worker, work))
    }
}
