// What people are told of benchmark.
extension CommandDescription {
    static let benchmark = Self(
        summary: "measures and simulates trainings",
        usage: ["benchmark COMMAND …"],
        text: ["Measures and simulates trainings, and hands their starts to other programs."],
        examples: [
            Example("benchmark scaling --workers 1,2,4 q3", "how well does it scale?"),
            Example("benchmark peers", "how fast is it beside PyTorch and JAX?"),
        ],
        exitCodes: [Row("0", "done"), Row("2", "usage")])

    static func scaling(_ questions: [QuestionSummary]) -> Self {
        Self(
            summary: "compares numbers of workers",
            usage: ["benchmark scaling [options] QUESTION"],
            operands: [.question(questions)],
            text: [
                """
                Trains some steps of a question in one process without exchange, then with each number of worker \
                processes, compares times and checksums, and says how many workers to use.
                """
            ],
            lists: [.questions(questions)],
            examples: [
                Example("benchmark scaling --workers 1,2,4 q3"),
                Example("benchmark scaling --weak --to-threshold --chart scaling.svg q3"),
            ],
            exitCodes: measured)
    }

    static func step(_ questions: [QuestionSummary]) -> Self {
        Self(
            summary: "takes the time of a step apart",
            usage: ["benchmark step [options] QUESTION"],
            operands: [.question(questions)],
            text: [
                """
                Takes the time of a step of a question apart: computing, exchanging, waiting, reducing; with memory, \
                and the time until the first step is made.
                """
            ],
            lists: [.questions(questions)],
            examples: [Example("benchmark step --workers 1,2 q3")],
            exitCodes: measured)
    }

    static func observers(_ questions: [QuestionSummary]) -> Self {
        Self(
            summary: "measures what it costs to look",
            usage: ["benchmark observers [options] QUESTION"],
            operands: [.question(questions)],
            text: [
                """
                Measures what it costs to look at a training: without a dashboard, with one that nobody looks at, with \
                one page open, and with ten and one that does not read, in turns.
                """
            ],
            lists: [.questions(questions)],
            examples: [Example("benchmark observers --workers 2 --steps 1000 --rounds 15 q3")],
            exitCodes: measured)
    }

    private static let measured = [
        Row("0", "done"), Row("1", "the parameters differ between runs"), Row("2", "usage or configuration"),
        Row("3", "data"), Row("4", "workers"), Row("5", "the training diverged"),
        Row("130, 143", "ended by a signal"),
    ]

    static let peers = Self(
        summary: "compares with PyTorch and JAX",
        usage: ["benchmark peers [options] [RECIPE…]"],
        operands: [
            Operand(
                placeholder: "RECIPE", kind: .choice(PeerRecipe.all.map(\.name) + ["all"]), repetition: .collected)
        ],
        text: [
            """
            Trains the same steps with Lockstep, with PyTorch in one process and in several, and with JAX, in turns, \
            and compares times and memory. All begin with the same parameters and take the same batches; where their \
            losses differ, nothing is compared. The others are installed into .build/peers, which needs Python 3.11 or \
            later and, the first time, a network.
            """
        ],
        lists: [
            List(
                title: "Recipes (the first four unless others are named)",
                rows: [
                    Row("q3", "784-256-10 ReLU, batch 128, Adam"),
                    Row("q4", "ReLU RNN, hidden 256, batch 128"),
                    Row("q7", "the course's GPT, width 100, 6 blocks, 500 × 10 characters"),
                    Row("q7-nanogpt", "GPT of 4 blocks, 4 heads, width 128, 12 × 64 characters"),
                    Row("all", "q1 to q6 trained and graded, from the command to the grades"),
                ])
        ],
        examples: [
            Example("benchmark peers --rounds 7 --chart peers.svg"),
            Example("benchmark peers --steps 40 q4"),
            Example("benchmark peers all"),
        ],
        exitCodes: [
            Row("0", "done"), Row("1", "the losses differ, or an accuracy was missed"),
            Row("2", "usage or configuration"), Row("3", "data, or an answer that cannot be read"),
            Row("4", "a peer cannot be installed or failed"), Row("130, 143", "ended by a signal"),
        ])

    static func start(_ questions: [QuestionSummary]) -> Self {
        Self(
            summary: "writes what a training starts from",
            usage: ["benchmark start [options] QUESTION FILE"],
            operands: [.question(questions), .file("FILE")],
            text: [
                """
                Writes what a training starts from as safetensors: the initial parameters p0, p1 … and the examples of \
                each step, offsets. Another program can so train the same.
                """
            ],
            examples: [
                Example("benchmark start q7 start.safetensors"),
                Example("python3 tools/reference/q7.py --data data --start start.safetensors"),
            ],
            exitCodes: [Row("0", "done"), Row("2", "usage or configuration"), Row("3", "data, or FILE")])
    }

    static let simulate = Self(
        summary: "trains under simulated faults",
        usage: ["benchmark simulate [--seeds N|A-B | --seed N]"],
        text: [
            """
            Trains small questions in virtual time, with lost, late and doubled messages, partitions, crashing workers \
            and coordinators, and disks that are full, fail, lie and lose power. Every run must end with the result of \
            an undisturbed one; a seed names a run, and replays it.
            """
        ],
        examples: [Example("benchmark simulate --seeds 100000"), Example("benchmark simulate --seed 17")],
        exitCodes: [
            Row("0", "every run ended as the undisturbed one"), Row("1", "one did not"), Row("2", "usage"),
            Row("4", "no thread could be started"),
        ])

    static let kernels = Self(
        summary: "measures products and passes over memory",
        usage: ["benchmark kernels [options]"],
        text: [
            """
            Measures the products of matrices and the passes over memory that the questions need, on one thread, \
            beside the best that this machine's processor and caches can do.
            """
        ],
        examples: [Example("benchmark kernels --report kernels.json")],
        exitCodes: [Row("0", "done"), Row("2", "usage")])
}
