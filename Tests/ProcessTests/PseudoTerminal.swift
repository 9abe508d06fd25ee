import Foundation
import Testing

/// A terminal that is none, whose window has a width.
final class PseudoTerminal {
    private let master: Int32
    private let slave: Int32
    // From Linux' <asm-generic/ioctls.h>: TIOCSPTLCK and TIOCGPTN.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    init(columns: UInt16) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var number: UInt32 = 0
        var isLocked: Int32 = 0
        try #require(ioctl(master, Self.setLock, &isLocked) == 0 && ioctl(master, Self.getNumber, &number) == 0)
        slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(slave >= 0)
        var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(slave, UInt(TIOCSWINSZ), &size) == 0)
    }

    deinit {
        close(master)
        close(slave)
    }

    /// Runs a program with it as standard output and standard error, and gives what it wrote.
    func run(
        _ name: String, _ arguments: [String], environment: [String: String], within deadline: Duration
    ) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = Program.folder.appendingPathComponent(name)
        process.arguments = arguments
        process.currentDirectoryURL = Program.package
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(fileDescriptor: slave)
        process.standardError = FileHandle(fileDescriptor: slave)
        try process.run()
        let end = ContinuousClock.now + deadline
        var text = Data()
        while true {
            // What is there is still read when the program has ended.
            let isRunning = process.isRunning
            var watched = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            if poll(&watched, 1, 20) > 0 {
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = read(master, &buffer, buffer.count)
                if count > 0 { text.append(contentsOf: buffer[..<count]) }
            } else if !isRunning {
                break
            }
            if ContinuousClock.now > end {
                kill(process.processIdentifier, SIGKILL)
                Issue.record("the deadline is over")
                break
            }
        }
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }
}
