import Diagnostics
import Glibc
import Launching
import Testing

/// What runs in processes of their own, started by other tests; skipped otherwise.
@Suite(.serialized) struct Roles {
    @Test(.enabled(if: isRole("parent"))) func parent() throws {
        var command = role("child", ["LOCKSTEP_TEST_PARENT": "\(getpid())"])
        command.inherited = [2]
        let child = try ChildProcess(command)
        // The child says by itself, on the inherited descriptor, that it is ready.
        _ = try child.wait(within: patience)
    }

    @Test(.enabled(if: isRole("child"))) func child() throws {
        try dieWithParent(expectedParent: #require(number("LOCKSTEP_TEST_PARENT")))
        let text = "ready \(getpid())\n"
        #expect(write(3, text, text.utf8.count) == text.utf8.count)
        sleep(60)
        Issue.record("the parent's death did not reach this process")
    }

    @Test(.enabled(if: isRole("stranger"))) func stranger() {
        #expect(throws: Failure.self) { try dieWithParent(expectedParent: 1) }
    }

    @Test(.enabled(if: isRole("signals"))) func signals() throws {
        let signal = try #require(number("LOCKSTEP_TEST_SIGNAL"))
        let watch = try SignalWatch()
        #expect(throws: Failure.self) { try SignalWatch() }
        #expect(watch.next() == nil)
        kill(getpid(), signal)
        var item = pollfd(fd: watch.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&item, 1, 10_000) == 1)
        #expect(watch.next() == SignalWatch.Request(rawValue: signal))
        #expect(watch.next() == nil)
        let text = "first\n"
        _ = write(2, text, text.utf8.count)
        // The second one ends the process at once.
        kill(getpid(), signal)
        sleep(20)
    }

    @Test(.enabled(if: isRole("unwatched"))) func unwatched() throws {
        var watch: SignalWatch? = try SignalWatch()
        #expect(watch?.next() == nil)
        watch = nil
        #expect(try SignalWatch().next() == nil)
        kill(getpid(), SIGTERM)
        sleep(20)
    }

    @Test(.enabled(if: isRole("descriptors"))) func descriptors() throws {
        func cycle() throws {
            for output in [ChildProcess.Output.discarded, .joined] {
                let child = try ChildProcess(shell("exit 3", secret: [1, 2], inherited: [0, 2], output: output))
                #expect(try child.wait(within: patience) == .exited(3))
                _ = try ChildProcess(shell("sleep 60"))
            }
            #expect(throws: Failure.self) { try ChildProcess(ChildProcess.Command("/no/such/program")) }
            _ = try SignalWatch()
        }
        try cycle()
        let before = try openDescriptors()
        for _ in 0..<10 { try cycle() }
        #expect(try openDescriptors() == before)
        // No child is left, not even as a zombie.
        #expect(waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD)
    }

    private func openDescriptors() throws -> Int {
        let folder = try #require(opendir("/proc/self/fd"))
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count
    }
}
