/// All options of all commands: the one place that parsing, help, manual pages and completion read.
enum OptionTable {
    /// The most workers that one run may start.
    static let maximumWorkers = 64

    /// The options in the order in which help lists them.
    static let all: [Option] = training + workers + measurement + text + output + general

    /// The options that a command takes.
    static func options(of command: Option.Command) -> [Option] {
        all.filter { $0.commands.contains(command) }
    }

    private static let training = [
        Option(
            "data", "DIR", .folder,
            for: [.train, .verify, .generate, .scaling, .step, .observers, .peers, .start, .checkDependencies],
            in: .training,
            variable: "LOCKSTEP_DATA",
            help: "Folder of the data files; default data/. Questions whose files are missing use synthetic data."),
        Option(
            "seed", "N", .integer(0...Int.max),
            for: [.train, .verify, .generate, .scaling, .step, .observers, .peers, .start],
            in: .training,
            help: "Key of everything random; the same seed gives the same bits. Default 0."),
        Option(
            "set", "KEY=VALUE", .word, for: [.train, .verify, .generate, .scaling, .step, .observers, .peers, .start],
            in: .training,
            repetition: .collected,
            help: "Set a key of the configuration, for example epochs=2 or hidden=[256]; may be repeated."),
        Option(
            "config", "FILE", .file, for: [.train, .verify, .generate, .scaling, .step, .observers, .start],
            in: .training,
            help: "Configuration of the one question, instead of config/QUESTION.json5."),
        Option(
            "shards", "S", .powerOfTwo(64), for: [.train, .verify, .scaling, .step, .observers, .start], in: .training,
            help: "Shards of a batch: 1, 2, 4 … 64. Part of the result; the number of workers is not."),
        Option(
            "init", "FILE", .file, for: [.train], in: .training,
            help: "Begin with the parameters in FILE instead of random ones; one question only."),
    ]

    private static let workers = [
        Option(
            "workers", "N", .integer(1...maximumWorkers), for: [.train], in: .workers, variable: "LOCKSTEP_WORKERS",
            help: "Worker processes; default as many as cores (by --threads), at most as many as shards."),
        Option(
            "workers", "N,N…", .integers(1...maximumWorkers), for: [.scaling, .step, .observers], in: .workers,
            help: "Numbers of workers to compare; default 1,2."),
        Option(
            "workers", "N,N…", .integers(1...maximumWorkers), for: [.verify], in: .workers,
            help: "Numbers of workers whose results are compared; default 1,2,3,4."),
        Option(
            "workers", "N", .integer(1...maximumWorkers), for: [.peers], in: .workers,
            help: "Workers of Lockstep, beside a run with one; and as many threads or processes of the others. "
                + "Default 2."),
        Option(
            "threads", "N", .integer(1...maximumWorkers), for: [.train, .verify, .scaling, .step, .observers, .worker],
            in: .workers,
            help: "Threads of a worker, which compute several of its shards at once; default 1. The result is the same."
        ),
        Option(
            "min-workers", "N", .integer(1...maximumWorkers), for: [.train], in: .workers,
            help: "Train only while N workers are ready, and wait a minute for more; default 1."),
        Option(
            "lease", "SECONDS", .number(0.2...3600), for: [.train, .verify], in: .workers,
            help: "Give the work of a worker that is silent for so long to others; default 10, and 1 with "
                + "--chaos. Heartbeats come five times as often, at least every second."),
        Option(
            "chaos", "SPEC", .word, for: [.train, .verify], in: .workers,
            help: "Faults to suffer on purpose, for example kill=5,stop=3,slow=2,drop=1%,seed=7; a time, as in "
                + "kill=200ms, stands for one each time. Only for workers of this machine, but for drop."),
        Option(
            "launcher", "local|none", .choice(["local", "none"]), for: [.train], in: .workers,
            help: "Start workers on this machine (the default), or none and wait for them to connect."),
        Option(
            "listen", "ENDPOINT", .word, for: [.train], in: .workers,
            help: "Where workers of other hosts connect, for example tcp://0.0.0.0:5571."),
        Option(
            "connect", "ENDPOINT", .word, for: [.worker], in: .workers,
            help: "The coordinator's endpoint, for example tcp://host:5571."),
        Option(
            "token-file", "FILE", .file, for: [.train], in: .workers,
            help: "Write the keys that workers of other hosts need into FILE, readable by you alone."),
        Option(
            "token-file", "FILE", .file, for: [.worker], in: .workers,
            help: "The file of keys that the coordinator wrote; - reads it from standard input."),
        Option(
            "insecure", for: [.train, .worker], in: .workers,
            help: "Neither encrypt nor authenticate connections between hosts."),
        Option(
            "cache", "DIR", .folder, for: [.worker], in: .workers, variable: "LOCKSTEP_CACHE",
            help: "Where received data sets are kept; default the user's cache folder."),
        Option(
            "heartbeat", "SECONDS", .number(0.02...60), for: [.worker], in: .workers,
            help: "Time between two signs of life; default 1. The coordinator's --lease must be longer."),
        Option(
            "parent", "PID", .integer(1...Int(Int32.max)), for: [.worker], in: nil,
            help: "End with this process."),
        Option(
            "seat", "N", .integer(0...maximumWorkers - 1), for: [.worker], in: nil,
            help: "The seat at the parent's memory, whose descriptors are 3, 4 and 5."),
    ]

    private static let measurement = [
        Option(
            "steps", "N", .integer(2...1_000_000), for: [.scaling, .step, .observers], in: .measurement,
            help: "Steps of a run; default 100. Up to ten of them, a tenth, warm up and are not counted."),
        Option(
            "steps", "N", .integer(2...1_000_000), for: [.peers], in: .measurement,
            help: "Steps of a run; default 20 to 600, by recipe. A tenth, at most ten, are not counted."),
        Option(
            "rounds", "N", .integer(1...1000), for: [.scaling, .step, .observers, .peers], in: .measurement,
            help: "How often each run is measured, in turns; default 3. Medians are shown."),
        Option(
            "weak", for: [.scaling], in: .measurement,
            help: "Measure with a fixed batch a worker too: N workers share a batch N times as large."),
        Option(
            "to-threshold", for: [.scaling], in: .measurement,
            help: "Train the question to its end with each number of workers too, and take the time."),
        Option(
            "steps", "N", .integer(1...1_000_000), for: [.start], in: .measurement,
            help: "Steps whose examples are written; default all of the recipe."),
        Option(
            "seeds", "N|A-B", .span, for: [.simulate], in: .measurement,
            help: "How many simulated runs, or the seeds of the first and the last; default 5000."),
        Option(
            "seed", "N", .integer(0...Int.max), for: [.simulate], in: .measurement,
            help: "Replay one run, and print its faults."),
        Option(
            "rounds", "N", .integer(1...1000), for: [.kernels], in: .measurement,
            help: "How often each kernel is measured; default 20. The fastest counts."),
    ]

    private static let text = [
        Option(
            "parameters", "FILE", .file, for: [.generate], in: .text,
            help: "The trained parameters, as a run with --parameters wrote them."),
        Option(
            "prompt", "TEXT", .text, for: [.generate], in: .text,
            help: "What the text begins with; default Pacman."),
        Option(
            "length", "N", .integer(1...1_000_000), for: [.generate], in: .text,
            help: "Characters to generate; default 500."),
        Option(
            "temperature", "T", .number(0...100), for: [.generate], in: .text,
            help: "0 takes the likeliest character, 1 (the default) draws by probability, more is wilder."),
        Option(
            "top-k", "K", .integer(1...65_536), for: [.generate], in: .text,
            help: "Draw from the K likeliest characters only; default all."),
    ]

    private static let output = [
        Option(
            "checkpoint", "DIR", .folder, for: [.train], in: .output,
            help: "Keep the state of the training in DIR: now and then, at the end, and when a signal ends it."),
        Option(
            "checkpoint", "DIR", .folder, for: [.export], in: .output,
            help: "Export from the newest checkpoint in DIR."),
        Option(
            "checkpoint-interval", "S", .number(0...86_400), for: [.train], in: .output,
            help: "Seconds between two checkpoints; default 30."),
        Option(
            "resume", for: [.train], in: .output,
            help: "Go on from the newest checkpoint in DIR, to the same result; without one, begin anew."),
        Option(
            "report", "FILE", .file, for: [.train, .verify, .scaling, .step, .peers, .kernels], in: .output,
            help: "Write scores, times and checksums as JSON."),
        Option(
            "report", "FILE", .file, for: [.checkDependencies], in: .output,
            help: "Write what was found as JSON."),
        Option(
            "chart", "FILE", .file, for: [.scaling, .peers], in: .output,
            help: "Draw the table as a chart in SVG."),
        Option(
            "parameters", "FILE", .file, for: [.train], in: .output,
            help: "Write the trained parameters of the one question; generate reads them."),
        Option(
            "parameters", "FILE", .file, for: [.export], in: .output,
            help: "Export from a file that a run with --parameters wrote."),
        Option(
            "log-json", "FILE", .file, for: [.train], in: .output,
            help: "Write every event as a line of JSON: steps, scores, workers, notes; readable while it grows."),
        Option(
            "tensorboard", "DIR", .folder, for: [.train], in: .output,
            help: "Write loss, scores, rate, parts of a step, text and images to DIR/QUESTION for TensorBoard."),
        Option(
            "trace", "FILE", .file, for: [.train], in: .output,
            help: "Write at the end who did what when, as Chrome's trace format; open it in Perfetto."),
        Option(
            "dashboard", "ADDRESS:PORT", .word, for: [.checkDependencies], in: .output,
            help: "Show a line that turns in a browser on this machine, until Ctrl-C."),
        Option(
            "dashboard", "ADDRESS:PORT", .word, for: [.train], in: .output,
            help: "Show pictures in a browser on this machine, at 127.0.0.1:5572 for example; port 0 takes any that is "
                + "free. On a terminal they are shown without being asked for."),
        Option(
            "html", "FILE", .file, for: [.train], in: .output,
            help: "Keep the pictures of the finished run as one page that any browser shows."),
        Option(
            "no-graphics", for: [.train], in: .output,
            help: "Text only, no pictures."),
        Option(
            "quiet", for: [.train, .verify, .worker], in: .output,
            help: "No progress on standard error; results and errors only."),
    ]

    private static let general = [
        Option("help", for: Set(Option.Command.allCases), in: .general, help: "Show this help, and end."),
        Option("version", for: Set(Option.Command.allCases), in: .general, help: "Show the version, and end."),
    ]
}
