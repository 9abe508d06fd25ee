import Diagnostics
import Glibc
import Platform

/// Starts a process with `posix_spawn`, which is safe in a process with threads.
///
/// - Parameters:
///   - command: what to start.
///   - input: becomes standard input.
///   - errors: becomes standard error.
/// - Returns: the process identifier, which is also that of its new group.
/// - Throws: `Failure` (workers) naming the program.
func spawn(
    _ command: ChildProcess.Command, input: borrowing Descriptor, errors: borrowing Descriptor
) throws -> pid_t {
    func check(_ code: Int32) throws {
        guard code == 0 else {
            throw SystemError(code: code).failure("cannot start a process", at: command.executable)
        }
    }
    for text in [command.executable] + command.arguments + command.environment.flatMap({ [$0.key, $0.value] })
    where text.utf8.contains(0) {
        throw Failure(
            .workers, "cannot start a process", at: command.executable, because: "an argument holds a zero byte")
    }

    var actions = posix_spawn_file_actions_t()
    try check(posix_spawn_file_actions_init(&actions))
    defer { posix_spawn_file_actions_destroy(&actions) }
    try check(posix_spawn_file_actions_adddup2(&actions, input.number, 0))
    switch command.output {
    case .discarded: try check(posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0))
    case .joined: try check(posix_spawn_file_actions_adddup2(&actions, errors.number, 1))
    }
    try check(posix_spawn_file_actions_adddup2(&actions, errors.number, 2))
    // Copies above all targets, so that no target overwrites a source.
    let end = 3 + Int32(command.inherited.count)
    var copies: [Int32] = []
    defer { for copy in copies { close(copy) } }
    for (index, descriptor) in command.inherited.enumerated() {
        let copy = platform_duplicate(descriptor, end)
        try check(copy < 0 ? -copy : 0)
        copies.append(copy)
        try check(posix_spawn_file_actions_adddup2(&actions, copy, 3 + Int32(index)))
    }
    try check(platform_spawn_close_from(&actions, end))

    var attributes = posix_spawnattr_t()
    try check(posix_spawnattr_init(&attributes))
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    try check(posix_spawnattr_setsigmask(&attributes, &signals))
    sigfillset(&signals)
    try check(posix_spawnattr_setsigdefault(&attributes, &signals))
    try check(posix_spawnattr_setpgroup(&attributes, 0))
    let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETPGROUP)
    try check(posix_spawnattr_setflags(&attributes, Int16(flags)))

    var identifier: pid_t = 0
    let code = withCStrings([command.executable] + command.arguments) { arguments in
        withCStrings(environment(adding: command.environment)) { environment in
            posix_spawn(&identifier, command.executable, &actions, &attributes, arguments, environment)
        }
    }
    try check(code)
    return identifier
}

/// The environment of this process with some variables set, as `NAME=value`.
private func environment(adding variables: [String: String]) -> [String] {
    var entries: [String] = []
    if var entry = platform_environment() {
        while let text = entry.pointee {
            let string = String(cString: text)
            if variables[String(string.prefix { $0 != "=" })] == nil { entries.append(string) }
            entry += 1
        }
    }
    return entries + variables.map { "\($0.key)=\($0.value)" }.sorted()
}

/// Calls the closure with an array of C strings that ends in a null pointer.
private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
