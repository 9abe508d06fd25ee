import Diagnostics
import Messaging
import Training

// What the pool waits for, and what follows from its coming.
extension WorkerPool {
    /// What is waited for beside answers in shared memory.
    struct Watch: ~Copyable {
        var poller = Poller()
        /// Whether what is watched may have changed.
        var isStale = true
        var bell: Poller.Token?
        var sockets: [Poller.Token] = []
        /// When everything was looked at last.
        var lastLook = ContinuousClock.now
        /// While answers come through shared memory, everything else is looked at this often.
        static let interval = Duration.milliseconds(20)
    }

    /// Waits for something to happen, and deals with it.
    func serve() throws {
        if try takeAnswers() || settings.memory?.lookForAnswer() == true || sleepUntilAllAnswered() {
            if ContinuousClock.now - watch.lastLook > Watch.interval { try look(within: .zero) }
        } else {
            try look(within: longestWait)
        }
    }

    /// Sleeps until all answers that are due have come through shared memory, if nothing follows from fewer, and nobody is
    /// expected to say anything in another way; else returns false.
    ///
    /// A processor that computes is not interrupted for an answer from which nothing follows. Nor is it kept from its
    /// worker for as long as a poll takes to fall asleep: whoever is called may have to run where the coordinator does.
    private func sleepUntilAllAnswered() -> Bool {
        guard let memory = settings.memory, memory.dueCount > 0, run?.session.needsAllAnswers == true,
            !memory.isSomebodyExpected, members.values.allSatisfy({ $0.seat != nil && $0.readyFor == epoch })
        else { return false }
        memory.sleepUntilAllAnswered(within: min(longestWait, Watch.interval))
        return true
    }

    /// Waits for messages, signals and the ends of processes, and for answers in shared memory.
    private func look(within duration: Duration) throws {
        if watch.isStale { renewWatch() }
        settings.memory?.beginSleepAtBell()
        let hasAnswer = settings.memory?.hasAnswer ?? false
        var ready = try watch.poller.wait(within: hasAnswer ? .zero : duration)
        settings.memory?.endSleep()
        if let bell = watch.bell, watch.poller.readiness(of: bell).contains(.readable) {
            settings.memory?.silenceBell()
            ready -= 1
            if ready == 0, ContinuousClock.now - watch.lastLook < Watch.interval { return }
        }
        watch.lastLook = .now
        if let signal = interruption.pending() { throw Interrupted(signal: signal) }
        for (index, token) in watch.sockets.enumerated()
        where watch.poller.readiness(of: token).contains(.readable) {
            ready -= 1
            // Bounded, so that a flood on one socket does not starve the rest.
            for _ in 0..<256 {
                guard run?.isFinished == false, let delivery = try listeners[index].socket.receive() else { break }
                try take(delivery, from: index)
            }
        }
        if ready > 0 || processes.timeToNextLook.map({ $0 <= .zero }) ?? false { try noticeEnds() }
        try keepAlive()
        try act(on: .tick)
    }

    private func noticeEnds() throws {
        // Processes that have ended are not watched any more, and those that take their places are.
        watch.isStale = true
        for end in try processes.collectEnds() {
            if let member = members.values.first(where: { $0.address.listener == 0 && $0.pid == end.pid }) {
                try drop(member.id, because: end.reason)
            } else {
                // It ended before it joined; all the more reason to say why.
                firstLoss = firstLoss ?? "worker process \(end.pid): \(end.reason)"
                observe(.note("worker process \(end.pid) \(end.reason)"))
            }
        }
    }

    private func renewWatch() {
        watch.poller = Poller()
        watch.sockets = listeners.map { watch.poller.add($0.socket) }
        watch.bell = settings.memory.map { watch.poller.add(descriptor: $0.bellDescriptor) }
        for descriptor in interruption.descriptors + processes.descriptors {
            _ = watch.poller.add(descriptor: descriptor)
        }
        watch.isStale = false
    }

    /// How long to wait for a message before the session has to look at the time.
    var longestWait: Duration {
        guard let session = run?.session else { return .zero }
        let usual = min(.milliseconds(500), session.longestSilence)
        return min(usual, session.timeToSecondCopy ?? usual, processes.timeToNextLook ?? usual)
    }

    /// Tells workers that the coordinator lives, and gives up when nobody is left who could work.
    func keepAlive() throws {
        let now = ContinuousClock.now
        if now - lastPing > .seconds(2) {
            lastPing = now
            for member in members.values.sorted(by: { $0.id < $1.id }) {
                if try !send(.ping, to: member.address) { try drop(member.id, because: "its connection is gone") }
            }
        }
        // The session keeps to the leases of those that are ready; nobody waits for the others, but they may be gone.
        let lease = run?.session.membership.lease ?? .zero
        for member in members.values where member.readyFor != epoch && now - member.lastHeard > lease {
            try drop(member.id, because: "it was silent for \(lease.seconds) s")
        }
        if members.isEmpty, settings.remote == nil, !processes.anyAlive {
            let replacement = processes.startFailure.map { ", and none could be started in its place: \($0)" } ?? ""
            throw Failure(
                .workers, "no worker is left", because: (firstLoss ?? "all have ended") + replacement,
                remedy: "start the run again")
        }
    }
}
