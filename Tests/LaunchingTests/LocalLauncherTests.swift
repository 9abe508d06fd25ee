import Diagnostics
import Glibc
import Launching
import Testing

@Suite(.timeLimit(.minutes(5))) struct LocalLauncherTests {
    @Test(arguments: [0, 1, 4]) func `Workers are ended together`(_ count: Int) throws {
        let launcher = LocalLauncher()
        for number in 0..<count {
            try launcher.start(
                number, shell(number == 1 ? "trap '' TERM; echo up >&2; sleep 60" : "echo up >&2; sleep 60"))
        }
        let children = launcher.children
        for child in children.values { try waitForLine("up", of: child) }
        let statuses = try launcher.terminateAll(grace: .milliseconds(200))
        #expect(statuses.count == count)
        #expect(launcher.children.isEmpty)
        for child in children.values { #expect(try groupIsGone(child.identifier)) }
    }

    @Test func `One that exits is found with its last words, and its number is free again`() throws {
        let launcher = LocalLauncher()
        try launcher.start(0, shell("sleep 60"))
        try launcher.start(1, shell("echo out of memory >&2; exit 9"))
        let deadline = ContinuousClock.now + patience
        var exited: [(number: Int, child: ChildProcess)] = []
        while exited.isEmpty && ContinuousClock.now < deadline {
            exited = launcher.reapExited()
            usleep(2000)
        }
        #expect(exited.map(\.number) == [1])
        #expect(exited.first?.child.status == .exited(9))
        #expect(exited.first?.child.errors.last == "out of memory")
        try launcher.start(1, shell("sleep 60"))
        #expect(launcher.children.keys.sorted() == [0, 1])
    }

    @Test func `A failed start leaves no trace`() throws {
        let launcher = LocalLauncher()
        #expect(throws: Failure.self) { try launcher.start(0, ChildProcess.Command("/no/such/program")) }
        #expect(launcher.children.isEmpty)
    }
}
