import Diagnostics
import Glibc
import Launching
import Platform
import Testing

/// What can only be seen from outside of the process concerned.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ProcessLifetimeTests {
    @Test func `A worker dies with its parent`() throws {
        let parent = try ChildProcess(role("parent"))
        let deadline = ContinuousClock.now + patience
        var identifier: pid_t?
        while identifier == nil {
            try #require(ContinuousClock.now < deadline, "\(parent.errors.lines)")
            parent.drainErrors()
            let line = parent.errors.lines.first { $0.hasPrefix("ready ") }
            identifier = line.flatMap { pid_t($0.dropFirst("ready ".count)) }
            usleep(2000)
        }
        let child = platform_open_pidfd(try #require(identifier))
        try #require(child >= 0)
        defer { close(child) }
        var item = pollfd(fd: child, events: Int16(POLLIN), revents: 0)
        #expect(poll(&item, 1, 0) == 0)
        // Only the parent is killed, not its group.
        kill(parent.identifier, SIGKILL)
        #expect(poll(&item, 1, 20_000) == 1)
        #expect(try parent.wait(within: patience) == .signalled(SIGKILL))
    }

    @Test func `Who is not the child of the expected parent refuses to work`() throws {
        #expect(try run(role("stranger")) == .exited(0))
    }

    @Test(arguments: [SIGINT, SIGTERM]) func `The first signal can be polled, the second ends the process`(
        _ signal: Int32
    ) throws {
        let child = try ChildProcess(role("signals", ["LOCKSTEP_TEST_SIGNAL": "\(signal)"]))
        #expect(try child.wait(within: patience) == .signalled(signal))
        #expect(child.errors.lines.contains("first"), "\(child.errors.lines)")
    }

    @Test func `When a watch ends, signals do what they did before`() throws {
        #expect(try run(role("unwatched")) == .signalled(SIGTERM))
    }

    @Test func `No descriptor and no process is left behind`() throws {
        #expect(try run(role("descriptors")) == .exited(0))
    }

    private func run(_ command: ChildProcess.Command) throws -> Launching.ExitStatus? {
        let child = try ChildProcess(command, errors: LineTail(capacity: 100))
        let status = try child.wait(within: patience)
        // A filter that matches nothing would exit with 0 as well.
        let passed = child.errors.lines.contains { $0.contains("Test run with") && !$0.contains(" 0 tests") }
        #expect(status != .exited(0) || passed)
        if status == .exited(1) { Issue.record("\(child.errors.lines.joined(separator: "\n"))") }
        return status
    }
}
