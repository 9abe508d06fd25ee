import Diagnostics
import Glibc
import Testing

@testable import Launching

@Suite(.timeLimit(.minutes(5))) struct ChildProcessTests {
    @Test(arguments: [0, 1, 42, 255]) func `An exit code is reported`(_ code: Int32) throws {
        let child = try ChildProcess(shell("exit \(code)"))
        #expect(try child.wait(within: patience) == .exited(code))
        #expect(child.reap() == .exited(code))
        #expect(try child.terminate(grace: .zero) == .exited(code))
        #expect(child.status?.isSuccess == (code == 0))
    }

    @Test(arguments: [SIGKILL, SIGTERM, SIGSEGV, SIGPIPE, SIGINT]) func `A signal is reported`(_ signal: Int32) throws {
        let child = try ChildProcess(shell("kill -\(signal) $$; sleep 20"))
        #expect(try child.wait(within: patience) == .signalled(signal))
        #expect(child.status?.description.hasPrefix("signal \(signal) (") == true)
    }

    @Test(arguments: [0, 1, 4096]) func `The secret arrives on standard input, which then ends`(_ count: Int) throws {
        let secret = (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        let child = try ChildProcess(
            ChildProcess.Command("/bin/cat", secret: secret, output: .joined), errors: LineTail(lineLimit: 5000))
        #expect(try child.wait(within: patience) == .exited(0))
        #expect(child.errors.lines.joined() == String(decoding: secret, as: UTF8.self))
    }

    @Test func `Standard output is discarded, standard error captured line by line`() throws {
        var lines: [String] = []
        let child = try ChildProcess(
            shell("echo out; echo one >&2; echo two >&2; printf three >&2"), errors: LineTail(capacity: 2)
        ) { lines.append($0) }
        #expect(try child.wait(within: patience) == .exited(0))
        drainToEnd(child)
        #expect(lines == ["one", "two", "three"])
        #expect(child.errors.lines == ["two", "three"])
        #expect(child.errors.last == "three")
    }

    @Test func `More than a pipe holds does not block`() throws {
        let child = try ChildProcess(shell("yes | head -c 1000000 >&2; echo end >&2"))
        #expect(try child.wait(within: patience) == .exited(0))
        drainToEnd(child)
        #expect(child.errors.last == "end")
    }

    @Test func `Waiting gives up at the deadline, and the end of a child can be polled`() throws {
        let child = try ChildProcess(shell("echo up >&2; read line; exit 7"))
        #expect(try child.wait(within: patience) == .exited(7))
        let sleeper = try ChildProcess(shell("sleep 60"))
        #expect(sleeper.reap() == nil)
        #expect(try sleeper.wait(within: .milliseconds(30)) == nil)
        var item = pollfd(fd: sleeper.exitDescriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&item, 1, 0) == 0)
        sleeper.send(signal: SIGKILL)
        #expect(poll(&item, 1, 20_000) == 1)
        #expect(sleeper.reap() == .signalled(SIGKILL))
    }

    @Test func `A child is given time to end by itself`() throws {
        let child = try ChildProcess(
            shell("trap 'echo bye >&2; exit 5' TERM; echo up >&2; while :; do sleep 0.01; done"))
        try waitForLine("up", of: child)
        #expect(try child.terminate(grace: patience) == .exited(5))
        #expect(child.errors.last == "bye")
        #expect(try groupIsGone(child.identifier))
    }

    @Test func `A child that ignores SIGTERM is killed, with its group`() throws {
        let child = try ChildProcess(shell("trap '' TERM; sleep 60 & echo up >&2; while :; do sleep 0.01; done"))
        try waitForLine("up", of: child)
        #expect(try child.terminate(grace: .milliseconds(50)) == .signalled(SIGKILL))
        #expect(try groupIsGone(child.identifier))
    }

    @Test func `What a child leaves running dies when it is ended`() throws {
        let child = try ChildProcess(shell("sleep 60 & echo up >&2; kill -STOP $$"))
        try waitForLine("up", of: child)
        #expect(try child.terminate(grace: .milliseconds(50)) == .signalled(SIGKILL))
        #expect(try groupIsGone(child.identifier))
    }

    @Test func `Letting go of a child kills it`() throws {
        var child: ChildProcess? = try ChildProcess(shell("trap '' TERM; sleep 60"))
        let identifier = try #require(child?.identifier)
        child = nil
        #expect(try groupIsGone(identifier))
    }

    @Test func `A child has its own group, no signal blocked or ignored, and only the files it was given`() throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        // Both are open here without close-on-exec, and swapped in the child.
        let script = """
            echo group $(($(cut -d' ' -f5 /proc/$$/stat) == $$)) >&2
            grep -E '^Sig(Blk|Ign)' /proc/$$/status | tr '\\t' ' ' >&2
            echo hello >&3
            """
        let child = try ChildProcess(shell(script, inherited: [ends[1], ends[0]]))
        #expect(try child.wait(within: patience) == .exited(0))
        let lines = child.errors.lines
        try #require(lines.count == 3)
        #expect(lines[..<2] == ["group 1", "SigBlk: 0000000000000000"])
        // Signals 32 and 33 belong to the C library.
        #expect(UInt64(lines[2].dropFirst("SigIgn: ".count), radix: 16).map { $0 & 0x7FFF_FFFF } == 0)
        var buffer = [UInt8](repeating: 0, count: 6)
        #expect(read(ends[0], &buffer, 6) == 6)
        #expect(buffer == Array("hello\n".utf8))

        let list = try ChildProcess(
            ChildProcess.Command("/bin/ls", ["/proc/self/fd"], inherited: [ends[1], ends[0]], output: .joined))
        #expect(try list.wait(within: patience) == .exited(0))
        // The last one is the folder that it lists.
        #expect(list.errors.lines == ["0", "1", "2", "3", "4", "5"])
    }

    @Test func `Variables are added to the environment`() throws {
        var command = shell("echo $PATH-$LOCKSTEP_X >&2; env | grep -c ^PATH= >&2")
        command.environment = ["LOCKSTEP_X": "a b", "PATH": "/usr/bin:/bin"]
        let child = try ChildProcess(command)
        #expect(try child.wait(within: patience) == .exited(0))
        #expect(child.errors.lines == ["/usr/bin:/bin-a b", "1"])
    }

    @Test(arguments: ["/no/such/program", "/etc/passwd", "relative/none", "", "/bin/true\0x"])
    func `A program that cannot be started is named`(_ path: String) {
        let failure = #expect(throws: Failure.self) { try ChildProcess(ChildProcess.Command(path)) }
        #expect(failure?.category == .workers)
        #expect(failure?.place == path)
        #expect(failure?.cause != nil)
    }

    @Test func `A wait status is taken apart`() {
        #expect(Launching.ExitStatus(waitStatus: 0) == .exited(0))
        #expect(Launching.ExitStatus(waitStatus: 0x0300) == .exited(3))
        #expect(Launching.ExitStatus(waitStatus: 9) == .signalled(9))
        #expect(Launching.ExitStatus(waitStatus: 0x8B) == .signalled(11))
        #expect("\(Launching.ExitStatus.exited(3))" == "exit code 3")
        #expect("\(Launching.ExitStatus.signalled(9))" == "signal 9 (Killed)")
    }
}
