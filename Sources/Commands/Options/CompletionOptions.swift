import Diagnostics

/// The shells that a completion script can be written for.
enum Shell: String, Sendable, CaseIterable {
    case bash
    case zsh
    case fish
}

/// The options of `coordinator completion`, as plain values.
struct CompletionOptions: Sendable, Equatable {
    /// The shell that is to run the script.
    var shell: Shell

    init(_ parsed: ParsedOptions) throws {
        let known = Shell.allCases.map(\.rawValue).joined(separator: ", ")
        guard parsed.operands.count == 1 else {
            throw Failure(
                .usage, "expected one shell",
                at: parsed.operands.isEmpty ? nil : parsed.operands.joined(separator: " "),
                remedy: "name one of \(known)")
        }
        guard let shell = Shell(rawValue: parsed.operands[0]) else {
            throw Failure(.usage, "unknown shell", at: parsed.operands[0], remedy: "name one of \(known)")
        }
        self.shell = shell
    }
}
