import Diagnostics

/// What `coordinator check-dependencies` found, as its `--report` writes it.
struct DependencyReport: Codable, Sendable, Equatable {
    /// Whether something is as it must be.
    enum State: String, Codable, Sendable {
        case ok
        /// It is not there, but can be done without.
        case missing
        /// A run would fail for want of it.
        case failed
    }

    /// What came of one check.
    struct Entry: Codable, Sendable, Equatable {
        /// What was looked for.
        var name: String
        var state: State
        /// What is there, or why it is not.
        var value: String
        /// What to do; nil if there is nothing to do.
        var remedy: String?
        /// The exit code that it stands for.
        var exitCode: Int32

        /// Looks.
        ///
        /// - Throws: what is no `Failure`, a mistake of the program.
        init(_ check: DependencyCheck) throws {
            name = check.name
            exitCode = 0
            do {
                switch try check.look() {
                case .ok(let found): (state, value, remedy) = (.ok, found, nil)
                case .missing(let what, let remedy): (state, value, self.remedy) = (.missing, what, remedy)
                }
            } catch let failure as Failure {
                state = .failed
                value =
                    Failure(failure.category, failure.what, at: failure.place, because: failure.cause).description
                remedy = failure.remedy
                exitCode = failure.category.rawValue
            }
        }

        /// The entry as a line for people, with the name as wide as all are.
        func line(nameWidth: Int) -> String {
            let parts = [(state.rawValue, 7), (name, nameWidth)].map { text, width in
                text + String(repeating: " ", count: max(0, width - text.count))
            }
            return (parts + [value]).joined(separator: "  ") + (remedy.map { "; \($0)" } ?? "") + "\n"
        }
    }

    /// The version of this format.
    var schema = 1
    /// The version of Lockstep.
    var version = Version.current
    /// What was looked for, in order.
    var entries: [Entry] = []

    /// The exit code of the first failure; 0 if there is none.
    var exitCode: Int32 { entries.first { $0.state == .failed }?.exitCode ?? 0 }

    /// The last line for people.
    var verdict: String {
        let failed = entries.filter { $0.state == .failed }.map(\.name)
        return failed.isEmpty
            ? "all that is needed is there\n" : "not as it must be: \(failed.joined(separator: ", "))\n"
    }
}
