// How messages travel, and what disturbs the run.
extension Simulator {
    /// Sends a message to or from a worker.
    func send(_ event: Event, _ address: Address) {
        guard !isQuiet else { return queue.add(event, at: now + 100) }
        let isStormy = now < Self.calm
        if workers[address.worker].cutUntil > now || (isStormy && random.happens(climate.lost)) { return }
        for _ in 0..<(isStormy && random.happens(climate.doubled) ? 2 : 1) {
            let delay = random.number(in: 100...3000)
            let extra = isStormy && random.happens(climate.late) ? random.number(in: 0...3 * Self.second) : 0
            queue.add(event, at: now + delay + extra)
        }
    }

    /// Lets one more thing go wrong, or ends all faults.
    func disturb() throws {
        guard now < Self.calm else { return calmDown() }
        counts.faults += 1
        queue.add(.fault, at: now + random.number(in: 1000...climate.faultGap))
        let worker = random.number(in: 0...workers.count - 1)
        let duration =
            random.number(in: 0...3) == 0 ? random.number(in: 0...4 * Self.second) : random.number(in: 0...200_000)
        let until = min(now + duration, Self.calm)
        switch random.number(in: 0...9) {
        case 0, 1:
            tell("worker \(worker) crashes")
            crashWorker(worker)
        case 2:
            tell("worker \(worker) stops for \(duration) µs")
            workers[worker].stoppedUntil = until
        case 3: cut(oneOfGroup: worker, until)
        case 4:
            workers[worker].slowness = [1, 10, 100, 1000][random.number(in: 0...3)]
            tell("worker \(worker) is \(workers[worker].slowness) times as slow")
        case 5:
            // Also while a partition lasts, when nobody can be heard.
            if random.happens(500) { cut(oneOfGroup: worker, until) }
            let jump = random.number(in: 0...20 * Self.second)
            tell("the clock jumps by \(jump) µs")
            clockAhead += jump
        case 6: if !workers[worker].isAlive { queue.add(.starts(worker), at: now) }
        case 7: try endCoordinatorSomehow()
        case 8:
            // In the midst of one of the operations of the checkpoint that comes next.
            disk.operationsLeft = random.number(in: 0...10)
            tell("the computer stops at the disk's operation \((disk.operationsLeft ?? 0) + 1) from now")
        default: if let name = disk.rot() { tell("a bit of \(name) rots") }
        }
    }

    /// Cuts some workers off.
    private func cut(oneOfGroup worker: Int, _ until: Int) {
        let others = random.happens(500) ? 0 : 500
        for index in workers.indices where index == worker || random.happens(others) {
            workers[index].cutUntil = until
            tell("worker \(index) is cut off until \(until) µs")
        }
    }

    /// Whoever is down comes up again, and everything is as fast and as honest as it should be.
    private func calmDown() {
        tell("faults end")
        disk.temper = SimulatedDisk.Temper()
        disk.operationsLeft = nil
        for worker in workers.indices {
            workers[worker].slowness = 1
            if !workers[worker].isAlive { queue.add(.starts(worker), at: now) }
        }
    }
}
