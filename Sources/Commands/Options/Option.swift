/// A row of the option table: all that parsing, help, manual pages and completion need to know of one option.
struct Option: Sendable {
    /// A command that takes options; the raw value is what is typed.
    enum Command: String, Sendable, CaseIterable {
        /// `coordinator QUESTION…`.
        case train = "coordinator"
        /// `coordinator verify`.
        case verify = "coordinator verify"
        /// `coordinator generate`.
        case generate = "coordinator generate"
        /// `coordinator export`.
        case export = "coordinator export"
        /// `coordinator check-dependencies`.
        case checkDependencies = "coordinator check-dependencies"
        /// `coordinator completion`.
        case completion = "coordinator completion"
        /// `coordinator man`.
        case man = "coordinator man"
        /// `worker`, or `coordinator worker`.
        case worker
        /// `benchmark`, which only names its commands.
        case benchmark
        /// `benchmark scaling`.
        case scaling = "benchmark scaling"
        /// `benchmark step`.
        case step = "benchmark step"
        /// `benchmark observers`.
        case observers = "benchmark observers"
        /// `benchmark peers`.
        case peers = "benchmark peers"
        /// `benchmark start`.
        case start = "benchmark start"
        /// `benchmark simulate`.
        case simulate = "benchmark simulate"
        /// `benchmark kernels`.
        case kernels = "benchmark kernels"
    }

    /// A heading of the help page.
    enum Group: String, Sendable, CaseIterable {
        case training = "What is trained"
        case workers = "Who works"
        case measurement = "What is measured"
        case text = "The text"
        case output = "What is shown and kept"
        case general = "General"
    }

    /// What kind of value it takes.
    enum Kind: Sendable {
        /// None: being there is all.
        case flag
        /// A whole number of a range.
        case integer(ClosedRange<Int>)
        /// 1, 2, 4 … up to a bound.
        case powerOfTwo(Int)
        /// Whole numbers of a range, with commas between them, each once.
        case integers(ClosedRange<Int>)
        /// A number of whole numbers from 0 on, or the first and the last of them.
        case span
        /// A finite number of a range.
        case number(ClosedRange<Double>)
        /// One of some words.
        case choice([String])
        /// The path of a file.
        case file
        /// The path of a folder.
        case folder
        /// Any text.
        case text
        /// A text that is not empty.
        case word
    }

    /// What may be given more than once.
    enum Repetition: Sendable {
        /// A second time is a mistake.
        case once
        /// Every time counts.
        case collected
    }

    /// The name without its dashes.
    let name: String
    /// What stands for the value in help; empty for a flag.
    let placeholder: String
    /// What kind of value it takes.
    let kind: Kind
    /// What it does, for people.
    let help: String
    /// The environment variable that stands in where the option is not given; an empty variable counts as none.
    let variable: String?
    /// The commands that take it.
    let commands: Set<Command>
    /// Where help lists it; nil for an option that people do not give.
    let group: Group?
    /// Whether it may be given more than once.
    let repetition: Repetition

    init(
        _ name: String, _ placeholder: String = "", _ kind: Kind = .flag, for commands: Set<Command>, in group: Group?,
        variable: String? = nil, repetition: Repetition = .once, help: String
    ) {
        self.name = name
        self.placeholder = placeholder
        self.kind = kind
        self.help = help
        self.variable = variable
        self.commands = commands
        self.group = group
        self.repetition = repetition
    }

    /// The name as it is typed.
    var dashed: String { "--" + name }

    /// The option as help shows it: `--workers N`.
    var usage: String { placeholder.isEmpty ? dashed : "\(dashed) \(placeholder)" }

    /// The first clause of the help text, for lists with a line an option.
    var summary: String {
        let end = [". ", "; "].compactMap { help.firstRange(of: $0)?.lowerBound }.min() ?? help.endIndex
        let clause = help[..<end]
        return String(clause.hasSuffix(".") ? clause.dropLast() : clause)
    }
}
