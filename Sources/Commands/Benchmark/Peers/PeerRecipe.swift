/// What `benchmark peers` can compare: a recipe of a question.
struct PeerRecipe: Sendable, Equatable {
    /// The word for it on the command line, and the name of its configuration file.
    let name: String
    /// What it is, for people.
    let title: String
    /// The question.
    let question: String
    /// What is set over the configuration file.
    let settings: [String]
    /// The steps of a run, enough for some seconds.
    let steps: Int

    /// All recipes.
    static let all = [
        PeerRecipe(
            name: "q3", title: "784-256-10 ReLU, batch 128", question: "q3", settings: ["batchSize=128"], steps: 400),
        // A third of its training: how much of the states is zero changes with what was learned.
        PeerRecipe(name: "q4", title: "ReLU RNN, hidden 256, batch 128", question: "q4", settings: [], steps: 600),
        PeerRecipe(
            name: "q7", title: "course GPT, width 100, 6 blocks, 500 × 10", question: "q7", settings: [], steps: 20),
        PeerRecipe(
            name: "q7-nanogpt", title: "GPT, 4 blocks, 4 heads, width 128, 12 × 64", question: "q7", settings: [],
            steps: 40),
    ]
}
