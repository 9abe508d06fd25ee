import Diagnostics

/// The options of `benchmark peers`, as plain values.
public struct PeersOptions: Sendable, Equatable {
    /// What is compared, in order: recipes, and `all` for the time of all graded questions.
    public var recipes: [String]
    /// The number of workers beside a run with one.
    public var workers: Int
    /// The number of steps of a run; nil for that of the recipe.
    public var steps: Int?
    /// How often each run is measured.
    public var rounds: Int
    /// Key of everything random.
    public var seed: UInt64
    /// The assignments of `--set`, in order.
    public var settings: [String]
    /// The folder of the data files that `--data` names; nil without it, and then `LOCKSTEP_DATA` counts.
    public var dataFolder: String?
    /// The file for the report; nil for none.
    public var reportFile: String?
    /// The file for the chart; nil for none.
    public var chartFile: String?

    /// Reads a command line.
    ///
    /// - Throws: `Failure` (usage) for anything that is no valid command line.
    public static func parse(_ arguments: [String], environment: [String: String]) throws -> PeersOptions {
        try PeersOptions(ParsedOptions(arguments, for: .peers, environment: environment))
    }

    init(_ parsed: ParsedOptions) throws {
        let known = PeerRecipe.all.map(\.name)
        recipes = parsed.operands.isEmpty ? known : parsed.operands
        for (place, recipe) in recipes.enumerated() {
            guard known.contains(recipe) || recipe == "all" else {
                throw Failure(
                    .usage, "unknown recipe", at: recipe,
                    remedy: "there are \((known + ["all"]).joined(separator: ", "))")
            }
            if recipes[..<place].contains(recipe) { throw Failure(.usage, "recipe given twice", at: recipe) }
        }
        workers = parsed.integer("workers") ?? 2
        steps = parsed.integer("steps")
        rounds = parsed.integer("rounds") ?? 3
        seed = UInt64(parsed.integer("seed") ?? 0)
        settings = parsed.texts("set")
        dataFolder = parsed.explicitText("data")
        reportFile = parsed.text("report")
        chartFile = parsed.text("chart")
    }
}
