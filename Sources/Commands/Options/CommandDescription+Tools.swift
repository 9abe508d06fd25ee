// What people are told of the coordinator's commands that neither train nor use what was trained.
extension CommandDescription {
    static let checkDependencies = Self(
        summary: "says what is there, and what to do about what is not",
        usage: ["coordinator check-dependencies [options]"],
        text: [
            """
            Looks at the libraries, the processor and its memory, the data files and their checksums, the cache folder \
            and shared memory; then listens on the loopback interface and has a worker process connect, encrypted, as \
            workers of other hosts do.
            """,
            """
            A line each says ok, missing or failed, with what to do. Missing data files are no failure: their questions \
            train on synthetic data. The exit code is that of the first failure.
            """,
            """
            With --dashboard a page shows a line that turns, to prove that pictures work, until Ctrl-C ends it.
            """,
        ],
        examples: [
            Example("coordinator check-dependencies"),
            Example("coordinator check-dependencies --data ~/mnist --report check.json"),
            Example("coordinator check-dependencies --dashboard 127.0.0.1:5572"),
        ],
        exitCodes: [
            Row("0", "all that is needed is there"), Row("2", "usage"),
            Row("3", "a data file is damaged or not the published one, or no folder can be the cache"),
            Row("4", "libraries, memory, processes or network are not as they must be"),
            Row("130, 143", "ended by a signal"),
        ])

    static let completion = Self(
        summary: "prints a script by which a shell completes command lines",
        usage: ["coordinator completion \(Shell.allCases.map(\.rawValue).joined(separator: "|"))"],
        operands: [
            Operand(placeholder: "SHELL", kind: .choice(Shell.allCases.map(\.rawValue)), repetition: .once)
        ],
        text: [
            """
            Prints a script that completes commands, options, their values, questions, files and folders of \
            coordinator, worker and benchmark.
            """
        ],
        examples: [
            Example("source <(coordinator completion bash)", "in ~/.bashrc"),
            Example("source <(coordinator completion zsh)", "in ~/.zshrc, behind compinit"),
            Example("coordinator completion fish | source", "in ~/.config/fish/config.fish"),
        ],
        exitCodes: [Row("0", "done"), Row("2", "usage"), Row("3", "standard output cannot be written")])

    static let man = Self(
        summary: "writes the manual pages",
        usage: ["coordinator man DIRECTORY"],
        operands: [Operand(placeholder: "DIRECTORY", kind: .folder, repetition: .once)],
        text: [
            """
            Writes a manual page for each command into a folder, which is made if it is missing; pages that are there \
            already are replaced.
            """
        ],
        examples: [
            Example("coordinator man ~/.local/share/man/man1", "then: man coordinator"),
            Example("coordinator man /tmp/pages"),
            Example("man /tmp/pages/coordinator-verify.1"),
        ],
        exitCodes: [
            Row("0", "done"), Row("2", "usage, or a folder that cannot be written to"),
            Row("3", "a page cannot be written"),
        ])
}
