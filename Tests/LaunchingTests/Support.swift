import Glibc
import Launching
import Testing

/// The longest that any test waits for something that should happen.
let patience = Duration.seconds(20)

/// A command that runs a shell script.
func shell(
    _ script: String, secret: [UInt8] = [], inherited: [Int32] = [], output: ChildProcess.Output = .discarded
) -> ChildProcess.Command {
    ChildProcess.Command("/bin/sh", ["-c", script], secret: secret, inherited: inherited, output: output)
}

/// Drains standard error until a line equals the text; fails the test when none does.
func waitForLine(_ text: String, of child: ChildProcess) throws {
    let deadline = ContinuousClock.now + patience
    while !child.errors.lines.contains(text) {
        try #require(ContinuousClock.now < deadline, "no line '\(text)' came")
        child.drainErrors()
        usleep(2000)
    }
}

/// Drains standard error of a child that has exited.
///
/// The end may come a little late: a process that another thread is just starting holds the pipe until it runs.
func drainToEnd(_ child: ChildProcess) {
    let deadline = ContinuousClock.now + patience
    while child.drainErrors() && ContinuousClock.now < deadline { usleep(1000) }
}

/// Whether no process of the group is left, before the deadline.
func groupIsGone(_ group: pid_t) throws -> Bool {
    let deadline = ContinuousClock.now + patience
    while kill(-group, 0) == 0 {
        if ContinuousClock.now > deadline { return false }
        usleep(2000)
    }
    return true
}

/// Runs one test of `Roles` in a process of its own.
func role(_ name: String, _ environment: [String: String] = [:]) -> ChildProcess.Command {
    var environment = environment
    environment["LOCKSTEP_TEST_ROLE"] = name
    return ChildProcess.Command(
        LocalLauncher.ownExecutable, ["--testing-library", "swift-testing", "--filter", "LaunchingTests.Roles"],
        environment: environment, output: .joined)
}

/// The role that this process was started for.
func isRole(_ name: String) -> Bool {
    getenv("LOCKSTEP_TEST_ROLE").map { String(cString: $0) } == name
}

/// The number in an environment variable.
func number(_ name: String) -> Int32? {
    getenv(name).flatMap { Int32(String(cString: $0)) }
}
