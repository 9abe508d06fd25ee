import Diagnostics
import Glibc

/// What all commands do alike: read the command line, answer `--help` and `--version`, report errors.
struct CommandEntry {
    /// The command, whose words messages begin with.
    let command: Option.Command
    /// The questions there are.
    let questions: [QuestionSummary]
    private var program: String { command.rawValue }

    /// Runs a command.
    ///
    /// - Parameters:
    ///   - options: makes the options from what was parsed.
    ///   - run: does the work; what it returns is the exit code.
    /// - Returns: the exit code.
    func main<Options>(
        _ arguments: [String], environment: [String: String], options: (ParsedOptions) throws -> Options,
        run: (Options) throws -> Int32
    ) -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        do {
            let parsed: ParsedOptions
            let values: Options
            do {
                parsed = try ParsedOptions(arguments, for: command, environment: environment)
                switch parsed.request {
                case .help:
                    return Self.answer(CommandHelp.page(for: command, questions: questions), by: program)
                case .version: return Self.answer("lockstep \(Version.current)\n", by: program)
                case nil: values = try options(parsed)
                }
            } catch let failure as Failure where failure.category == .usage {
                return Self.report("\(failure) (try '\(program) --help')", by: program, status: 2)
            }
            return try run(values)
        } catch let failure as Failure {
            return Self.report(failure.description, by: program, status: failure.category.rawValue)
        } catch {
            return Self.report("internal error: \(error)", by: program, status: EX_SOFTWARE)
        }
    }

    /// Writes a text on standard output.
    ///
    /// - Returns: the exit code: 0 unless it could not be written.
    static func answer(_ text: String, by program: String) -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        do {
            try StandardStream.output.write(text)
            return EXIT_SUCCESS
        } catch {
            return report("\(error)", by: program, status: Failure.Category.data.rawValue)
        }
    }

    /// Writes one line on standard error.
    ///
    /// - Returns: the status it was given, for the caller to end with.
    static func report(_ line: String, by program: String, status: Int32) -> Int32 {
        _ = try? StandardStream.error.write("\(program): \(String(line.map { $0.isNewline ? " " : $0 }))\n")
        return status
    }
}
