// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: the Swift 6 language mode, and no warning let through.
let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
]

/// Settings of the targets that compute or move numbers.
///
/// `swift run` builds for debugging; these are optimised there too, so that the command people type is as fast as a
/// release build.
let fast: [SwiftSetting] =
    common + [.unsafeFlags(["-O", "-wmo", "-num-threads", "2", "-disable-batch-mode"], .when(configuration: .debug))]

let fastC: [CSetting] = [
    .treatAllWarnings(as: .error),
    // Loops begin where a line of the caches does, so that their speed does not depend on where they happen to lie.
    .unsafeFlags(["-O3", "-ffp-contract=off", "-falign-loops=64", "-Wall", "-Wextra"]),
]

let package = Package(
    name: "Lockstep",
    products: [
        .executable(name: "coordinator", targets: ["coordinator"]),
        .executable(name: "worker", targets: ["worker"]),
        .executable(name: "benchmark", targets: ["benchmark"]),
        // To be preloaded into the others, which then know how often they allocate.
        .library(name: "AllocationCounter", type: .dynamic, targets: ["AllocationCounter"]),
    ],
    targets: [
        // System libraries: one module imports each (docs/dependencies.md).
        .systemLibrary(name: "CZeroMQ"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "CSodium"),
        .systemLibrary(name: "CMicroHTTPD"),

        // C: element-wise loops, and the system calls Swift cannot reach.
        .target(name: "Kernels", cSettings: fastC),
        .target(name: "Platform", cSettings: fastC),
        .target(name: "AllocationCounter", cSettings: fastC),

        // A page compiled into the program.
        .target(name: "DashboardPage", exclude: ["page"], cSettings: fastC),

        // From the bottom to the top; no import runs up.
        .target(name: "Diagnostics", swiftSettings: fast),
        .target(name: "Threads", swiftSettings: fast),
        .target(name: "Tensors", dependencies: ["Diagnostics", "Kernels", "CSodium"], swiftSettings: fast),
        .target(name: "Autograd", dependencies: ["Tensors", "Kernels"], swiftSettings: fast),
        .target(
            name: "NeuralNetworks", dependencies: ["Autograd", "Tensors", "Kernels", "Diagnostics"], swiftSettings: fast
        ),
        .target(name: "Datasets", dependencies: ["Tensors", "Diagnostics", "CZlib", "CSodium"], swiftSettings: fast),
        .target(
            name: "Messaging", dependencies: ["CZeroMQ", "CSodium", "Threads", "Diagnostics"], swiftSettings: fast),
        .target(
            name: "Questions",
            dependencies: ["NeuralNetworks", "Autograd", "Tensors", "Datasets", "Kernels", "Diagnostics"],
            swiftSettings: fast),
        .target(
            name: "Training",
            dependencies: ["Questions", "NeuralNetworks", "Autograd", "Tensors", "Datasets", "Kernels", "Diagnostics"],
            swiftSettings: fast),
        .target(
            name: "Checkpoints",
            dependencies: ["Training", "Questions", "NeuralNetworks", "Tensors", "Datasets", "Diagnostics"],
            swiftSettings: fast),
        .target(
            name: "Simulation",
            dependencies: [
                "Checkpoints", "Training", "Questions", "NeuralNetworks", "Autograd", "Tensors", "Datasets", "Threads",
                "Diagnostics",
            ],
            swiftSettings: fast),
        .target(
            name: "Exchange",
            dependencies: [
                "Training", "Questions", "Autograd", "Tensors", "Datasets", "Messaging", "Platform", "Threads",
                "Diagnostics",
            ],
            swiftSettings: fast),
        .target(name: "Launching", dependencies: ["Platform", "Diagnostics"], swiftSettings: fast),
        .target(
            name: "Observing",
            dependencies: [
                "Training", "Questions", "Platform", "Threads", "Diagnostics", "CZlib", "CMicroHTTPD", "DashboardPage",
            ],
            swiftSettings: fast),
        .target(
            name: "Commands",
            dependencies: [
                "Simulation", "Checkpoints", "Exchange", "Launching", "Observing", "Training", "Questions", "Datasets",
                "NeuralNetworks", "Autograd", "Kernels",
                "Tensors", "Messaging", "Platform", "Threads", "Diagnostics",
            ], swiftSettings: fast),
        .executableTarget(name: "coordinator", dependencies: ["Commands"], swiftSettings: common),
        .executableTarget(name: "worker", dependencies: ["Commands"], swiftSettings: common),
        .executableTarget(name: "benchmark", dependencies: ["Commands"], swiftSettings: common),

        // What several test targets use.
        .target(name: "WebClient", path: "Tests/WebClient", swiftSettings: common),

        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "Tensors"], swiftSettings: common),
        .testTarget(
            name: "TensorsTests", dependencies: ["Tensors", "Diagnostics"],
            swiftSettings: common),
        .testTarget(
            name: "AutogradTests", dependencies: ["Autograd", "Tensors", "Diagnostics"],
            swiftSettings: common),
        .testTarget(
            name: "NeuralNetworksTests", dependencies: ["NeuralNetworks", "Autograd", "Tensors", "Diagnostics"],
            swiftSettings: common),
        .testTarget(
            name: "DatasetsTests", dependencies: ["Datasets", "Tensors", "Diagnostics"],
            swiftSettings: common),
        .testTarget(
            name: "MessagingTests", dependencies: ["Messaging", "Diagnostics"],
            swiftSettings: common),
        .testTarget(
            name: "QuestionsTests",
            dependencies: ["Questions", "NeuralNetworks", "Autograd", "Tensors", "Datasets", "Diagnostics"],
            swiftSettings: common),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Training", "Simulation", "Questions", "NeuralNetworks", "Autograd", "Tensors", "Datasets",
                "Diagnostics",
            ],
            swiftSettings: common),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Simulation", "Checkpoints", "Training", "Questions", "Datasets", "Tensors", "Diagnostics"],
            swiftSettings: common),
        .testTarget(
            name: "CheckpointsTests",
            dependencies: [
                "Checkpoints", "Training", "Questions", "NeuralNetworks", "Autograd", "Tensors", "Datasets",
                "Diagnostics",
            ],
            swiftSettings: common),
        .testTarget(
            name: "ExchangeTests",
            dependencies: [
                "Exchange", "Training", "Questions", "Messaging", "Datasets", "Tensors", "Diagnostics", "Platform",
            ],
            swiftSettings: common),
        .testTarget(
            name: "LaunchingTests", dependencies: ["Launching", "Platform", "Diagnostics"],
            swiftSettings: common),
        .testTarget(
            name: "ObservingTests",
            dependencies: ["Observing", "Training", "Questions", "Diagnostics", "WebClient"], swiftSettings: common),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "Commands", "Simulation", "Observing", "Launching", "Exchange", "Questions", "Training", "Datasets",
                "Tensors", "Diagnostics",
            ],
            swiftSettings: common),
        .testTarget(
            name: "ProcessTests", dependencies: ["Diagnostics", "WebClient", "coordinator", "worker", "benchmark"],
            swiftSettings: common),
    ]
)
