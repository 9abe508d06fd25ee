/// The help pages, written from the option table.
enum CommandHelp {
    /// The columns a page fills.
    static let width = 88
    private static let indent = 26

    /// The help page of a command.
    static func page(for command: Option.Command, questions: [QuestionSummary]) -> String {
        var sections = [introduction(to: command)]
        if [.train, .verify, .scaling, .step, .start].contains(command) { sections.append(list(questions)) }
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
                   coordinator verify [options]      shows that workers do not change the result
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
        case .verify:
            """
            Usage: coordinator verify [options] QUESTION…

            Trains each question once with each number of workers, undisturbed and then, with
            --chaos, disturbed, and compares the checksums of the parameters.

            Examples:
              coordinator verify q3
              coordinator verify --workers 1,4 --chaos kill=5,stop=3,drop=1% q3 q4
              coordinator verify --workers 1,4 --chaos kill=200ms --set epochs=2 q3
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
            of worker processes, compares times and checksums, and says how many workers to use.

            Examples:
              benchmark scaling --workers 1,2,4 q3
              benchmark scaling --weak --to-threshold --chart scaling.svg q3
            """
        case .step:
            """
            Usage: benchmark step [options] QUESTION

            Takes the time of a step of a question apart: computing, exchanging, waiting, reducing;
            with memory, and the time until the first step is made.

            Example:
              benchmark step --workers 1,2 q3
            """
        case .peers:
            """
            Usage: benchmark peers [options] [RECIPE…]

            Trains the same steps with Lockstep, with PyTorch in one process and in several, and
            with JAX, in turns, and compares times and memory. All begin with the same parameters
            and take the same batches; where their losses differ, nothing is compared. The others
            are installed into .build/peers, which needs Python 3.11 or later and, the first time,
            a network.

            Recipes (the first four unless others are named):
              q3            784-256-10 ReLU, batch 128, Adam
              q4            ReLU RNN, hidden 256, batch 128
              q7            the course's GPT, width 100, 6 blocks, 500 × 10 characters
              q7-nanogpt    GPT of 4 blocks, 4 heads, width 128, 12 × 64 characters
              all           q1 to q6 trained and graded, from the command to the grades

            Examples:
              benchmark peers --rounds 7 --chart peers.svg
              benchmark peers --steps 40 q4
              benchmark peers all
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
        case .simulate:
            """
            Usage: benchmark simulate [--seeds N|A-B | --seed N]

            Trains small questions in virtual time, with lost, late and doubled messages,
            partitions, crashing workers and coordinators, and disks that are full, fail, lie and
            lose power. Every run must end with the result of an undisturbed one; a seed names a
            run, and replays it.

            Examples:
              benchmark simulate --seeds 100000
              benchmark simulate --seed 17
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
            case .verify:
                [
                    ("0", "the parameters are the same after every run"), ("1", "they differ"),
                    ("2", "usage or configuration"), ("3", "data"), ("4", "workers"),
                    ("5", "the training diverged"), ("130, 143", "ended by a signal"),
                ]
            case .scaling, .step:
                [
                    ("0", "done"), ("1", "the parameters differ between runs"), ("2", "usage or configuration"),
                    ("3", "data"), ("4", "workers"), ("5", "the training diverged"), ("130, 143", "ended by a signal"),
                ]
            case .simulate:
                [
                    ("0", "every run ended as the undisturbed one"), ("1", "one did not"), ("2", "usage"),
                    ("4", "no thread could be started"),
                ]
            case .peers:
                [
                    ("0", "done"), ("1", "the losses differ, or an accuracy was missed"),
                    ("2", "usage or configuration"), ("3", "data, or an answer that cannot be read"),
                    ("4", "a peer cannot be installed or failed"), ("130, 143", "ended by a signal"),
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
