// What people are told of coordinator and worker.
extension CommandDescription {
    static func train(_ questions: [QuestionSummary]) -> Self {
        Self(
            summary: "trains neural networks data-parallel",
            usage: ["coordinator [options] QUESTION…", "coordinator COMMAND …"],
            operands: [.questions(questions)],
            text: [
                """
                Trains neural networks data-parallel: the coordinator cuts every batch into shards and hands them to \
                worker processes. The result is the same bits for every number of workers.
                """
            ],
            lists: [.questions(questions)],
            examples: [
                Example("coordinator q3", "train one question"),
                Example("coordinator --workers 4 all", "train and grade q1 to q6 with four workers"),
                Example("coordinator --data ~/mnist --seed 1 q3", "your own data folder, another seed"),
                Example(
                    "coordinator --set epochs=2 --set hidden=[128] q3", "change the recipe of config/q3.json5"),
                Example("coordinator --report run.json all", "keep scores, times and checksums"),
                Example(
                    "coordinator --checkpoint state --resume q7", "lose nothing: go on where the last run ended"),
                Example("coordinator --parameters q7.safetensors q7", "keep what was learned …"),
                Example(
                    "coordinator generate --parameters q7.safetensors --prompt \"ROMEO:\"", "… and write with it"),
            ],
            exitCodes: [
                Row("0", "every threshold met"), Row("1", "one missed"), Row("2", "usage or configuration"),
                Row("3", "data or checkpoint, or a log that cannot be written"), Row("4", "workers or network"),
                Row("5", "the training diverged"),
                Row("130, 143", "ended by a signal"),
            ])
    }

    static func verify(_ questions: [QuestionSummary]) -> Self {
        Self(
            summary: "shows that workers do not change the result",
            usage: ["coordinator verify [options] QUESTION…"],
            operands: [.questions(questions)],
            text: [
                """
                Trains each question once with each number of workers, undisturbed and then, with --chaos, disturbed, \
                and compares the checksums of the parameters.
                """
            ],
            lists: [.questions(questions)],
            examples: [
                Example("coordinator verify q3"),
                Example("coordinator verify --workers 1,4 --chaos kill=5,stop=3,drop=1% q3 q4"),
                Example("coordinator verify --workers 1,4 --chaos kill=200ms --set epochs=2 q3"),
            ],
            exitCodes: [
                Row("0", "the parameters are the same after every run"), Row("1", "they differ"),
                Row("2", "usage or configuration"), Row("3", "data"), Row("4", "workers"),
                Row("5", "the training diverged"), Row("130, 143", "ended by a signal"),
            ])
    }

    static func generate(_ questions: [QuestionSummary]) -> Self {
        Self(
            summary: "writes text with a trained q7",
            usage: ["coordinator generate --parameters FILE [options] [QUESTION]"],
            operands: [.question(questions)],
            text: [
                """
                Writes text with a trained character model, q7 if no other is named. Configuration and data must be \
                those of the training.
                """
            ],
            examples: [
                Example("coordinator --parameters q7.safetensors q7"),
                Example("coordinator generate --parameters q7.safetensors --prompt \"ROMEO:\" --length 300"),
                Example("coordinator generate --parameters q7.safetensors --temperature 0.8 --top-k 10"),
            ],
            exitCodes: [
                Row("0", "done"), Row("2", "usage or configuration"), Row("3", "data or parameters"),
                Row("130, 143", "ended by a signal"),
            ])
    }

    static func export(_ questions: [QuestionSummary]) -> Self {
        Self(
            summary: "writes trained parameters for other programs",
            usage: ["coordinator export (--checkpoint DIR | --parameters FILE) QUESTION OUTPUT"],
            operands: [.question(questions), .file("OUTPUT")],
            text: [
                """
                Writes the parameters of a question as a safetensors file that PyTorch and others read: an array a \
                parameter, named by its place and its name.
                """
            ],
            examples: [
                Example("coordinator export --checkpoint state q3 q3.safetensors"),
                Example("python3 -c 'import safetensors.torch as s; print(s.load_file(\"q3.safetensors\"))'"),
            ],
            exitCodes: [Row("0", "done"), Row("2", "usage"), Row("3", "checkpoint, parameters or OUTPUT")])
    }

    static let worker = Self(
        summary: "computes shards for a coordinator",
        usage: ["worker --connect ENDPOINT [options]"],
        text: [
            """
            Computes shards for a coordinator on another host, until the coordinator is done. On its own machine the \
            coordinator starts its workers itself.
            """
        ],
        examples: [
            Example("coordinator --listen tcp://0.0.0.0:5571 --token-file lockstep.key q3", "on one host"),
            Example("worker --connect tcp://host:5571 --token-file lockstep.key", "on others"),
        ],
        exitCodes: [
            Row("0", "done"), Row("2", "usage or configuration"), Row("3", "data or parameters"),
            Row("4", "workers or network"), Row("130, 143", "ended by a signal"),
        ])
}
