/// The configuration that goes with the example question, as it stands in the text for readers.
enum ExampleConfiguration {
    static let text = """
        // spirals: two spirals, wound into each other.
        //
        //     coordinator spirals
        //
        // Expected: 95 % or more of the points between the training points right.
        {
            hidden: [32, 32],
            batchSize: 40,
            epochs: 120,
            optimizer: "adam",
            learningRate: 0.01,
            schedule: "oneCycle",
            target: 0.99,
        }

        """
}
