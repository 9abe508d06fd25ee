/// The help pages, written from the option table.
enum CommandHelp {
    /// The columns a page fills.
    static let width = 88
    private static let indent = 26

    /// The help page of a command.
    static func page(for command: Option.Command, questions: [QuestionSummary]) -> String {
        var sections = [introduction(to: command)]
        if command != .worker, command != .generate, command != .export { sections.append(list(questions)) }
        let options = OptionTable.options(of: command)
        for group in Option.Group.allCases {
            let rows = options.filter { $0.group == group }
            guard !rows.isEmpty else { continue }
            sections.append(([group.rawValue + ":"] + rows.flatMap(lines)).joined(separator: "\n"))
        }
        let variables = options.compactMap { option in option.variable.map { (option, $0) } }
        if !variables.isEmpty {
            var rows = variables.map { row($1, "Stands in for \($0.dashed).") }
            if command == .train { rows.append(row("NO_COLOR", "No colours in the progress on a terminal.")) }
            sections.append((["Environment:"] + rows).joined(separator: "\n"))
        }
        sections.append(exitCodes(of: command))
        return sections.joined(separator: "\n\n") + "\n"
    }

    private static func introduction(to command: Option.Command) -> String {
        switch command {
        case .train:
            """
            Usage: coordinator [options] QUESTION…
                   coordinator generate [options]    writes text with a trained q7
                   coordinator export [options]      writes trained parameters for other programs
                   coordinator worker [options]      the same as worker

            Trains neural networks data-parallel: the coordinator cuts every batch into shards and
            hands them to worker processes. The result is the same bits for every number of workers.

            Examples:
              coordinator q3                          train one question
              coordinator --workers 4 all             train and grade q1 to q6 with four workers
              coordinator --data ~/mnist --seed 1 q3  your own data folder, another seed
              coordinator --set epochs=2 --set hidden=[128] q3
                                                      change the recipe of config/q3.json5
              coordinator --report run.json all       keep scores, times and checksums
              coordinator --checkpoint state --resume q7
                                                      lose nothing: go on where the last run ended
              coordinator --parameters q7.safetensors q7
                                                      keep what was learned …
              coordinator generate --parameters q7.safetensors --prompt "ROMEO:"
                                                      … and write with it
            """
        case .generate:
            """
            Usage: coordinator generate --parameters FILE [options] [QUESTION]

            Writes text with a trained character model, q7 if no other is named. Configuration and
            data must be those of the training.

            Examples:
              coordinator --parameters q7.safetensors q7
              coordinator generate --parameters q7.safetensors --prompt "ROMEO:" --length 300
              coordinator generate --parameters q7.safetensors --temperature 0.8 --top-k 10
            """
        case .export:
            """
            Usage: coordinator export (--checkpoint DIR | --parameters FILE) QUESTION OUTPUT

            Writes the parameters of a question as a safetensors file that PyTorch and others read:
            an array a parameter, named by its place and its name.

            Example:
              coordinator export --checkpoint state q3 q3.safetensors
              python3 -c 'import safetensors.torch as s; print(s.load_file("q3.safetensors"))'
            """
        case .worker:
            """
            Usage: worker --connect ENDPOINT [options]

            Computes shards for a coordinator on another host, until the coordinator is done. On its
            own machine the coordinator starts its workers itself.

            Example:
              coordinator --listen tcp://0.0.0.0:5571 --token-file lockstep.key q3   on one host
              worker --connect tcp://host:5571 --token-file lockstep.key             on others
            """
        case .scaling:
            """
            Usage: benchmark scaling [options] QUESTION

            Trains some steps of a question in one process without exchange, then with each number
            of worker processes, and compares times and checksums.

            Example:
              benchmark scaling --workers 1,2,4 q3
            """
        case .start:
            """
            Usage: benchmark start [options] QUESTION FILE

            Writes what a training starts from as safetensors: the initial parameters p0, p1 … and
            the examples of each step, offsets. Another program can so train the same.

            Example:
              benchmark start q7 start.safetensors
              python3 tools/reference/q7.py --data data --start start.safetensors
            """
        case .kernels:
            """
            Usage: benchmark kernels [options]

            Measures the products of matrices and the passes over memory that the questions need, on
            one thread, beside the best that this machine's processor and caches can do.

            Example:
              benchmark kernels --report kernels.json
            """
        }
    }

    private static func list(_ questions: [QuestionSummary]) -> String {
        let graded = questions.filter { $0.possiblePoints > 0 }
        let points = graded.reduce(0) { $0 + $1.possiblePoints }
        let rows = questions.map { question in
            row(question.name, question.title + (question.possiblePoints > 0 ? " (\(question.possiblePoints))" : ""))
        }
        return (["Questions (points):"] + rows + [row("all", "every graded question (\(points))")])
            .joined(separator: "\n")
    }

    private static func lines(of option: Option) -> [String] {
        [row(option.usage, option.help)]
    }

    /// A word and what it means, broken into lines that fit.
    private static func row(_ word: String, _ meaning: String) -> String {
        var lines: [String] = []
        var line = "  " + word
        var isFresh = true
        if line.count > indent - 2 {
            lines.append(line)
            line = ""
        }
        line += String(repeating: " ", count: indent - line.count)
        for part in meaning.split(separator: " ") {
            if !isFresh, line.count + 1 + part.count > width {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isFresh = true
            }
            line += (isFresh ? "" : " ") + part
            isFresh = false
        }
        return (lines + [line]).joined(separator: "\n")
    }

    private static func exitCodes(of command: Option.Command) -> String {
        let rows =
            switch command {
            case .train:
                [
                    ("0", "every threshold met"), ("1", "one missed"), ("2", "usage or configuration"),
                    ("3", "data or checkpoint"), ("4", "workers or network"), ("5", "the training diverged"),
                    ("130, 143", "ended by a signal"),
                ]
            case .scaling:
                [
                    ("0", "done"), ("1", "the parameters differ between runs"), ("2", "usage or configuration"),
                    ("3", "data"), ("4", "workers"), ("5", "the training diverged"), ("130, 143", "ended by a signal"),
                ]
            case .kernels: [("0", "done"), ("2", "usage")]
            case .start: [("0", "done"), ("2", "usage or configuration"), ("3", "data, or FILE")]
            case .export: [("0", "done"), ("2", "usage"), ("3", "checkpoint, parameters or OUTPUT")]
            case .generate, .worker:
                [
                    ("0", "done"), ("2", "usage or configuration"), ("3", "data or parameters"),
                    ("4", "workers or network"), ("130, 143", "ended by a signal"),
                ]
            }
        return (["Exit codes:"] + rows.map { row($0.0, $0.1) }).joined(separator: "\n")
    }
}
