import Tensors

extension PerceptronModel {
    /// What the course checks of a perceptron: its parameter, its score, its prediction, and its updates.
    static func checks() -> [Check] {
        [
            Check("one parameter of shape 1×d, for d from 1 to 9", passed: (1...9).allSatisfy(hasOneParameter)),
            Check("the score is the dot product", passed: (1...9).allSatisfy(scoreIsDotProduct)),
            Check("the prediction is the sign of the score, and +1 at 0", passed: (1...9).allSatisfy(predictsSign)),
        ]
            + [-5, -2, 2, 5].map { factor in
                Check(
                    "500 copies of \(Int(factor))·w labelled −1: "
                        + (factor < 0 ? "no update" : "one update, to exactly w − \(Int(factor))·w"),
                    passed: (1...9).allSatisfy { updatesExactly(factor, dimensions: $0) })
            }
    }

    private static func random(_ dimensions: Int, _ use: String) -> [Float] {
        let key = RandomKey(seed: 0).child("perceptron checks").child(use).child(UInt64(dimensions))
        return Tensor.noise([dimensions], key: key).values
    }

    private static func hasOneParameter(_ dimensions: Int) -> Bool {
        let model = Self(
            points: [], labels: [], dimensions: dimensions, weight: random(dimensions, "weight"))
        return model.parameters.count == 1 && model.parameters[0].shape == [1, dimensions]
    }

    private static func scoreIsDotProduct(_ dimensions: Int) -> Bool {
        let (weight, point) = (random(dimensions, "weight"), random(dimensions, "point"))
        let model = Self(points: [], labels: [], dimensions: dimensions, weight: weight)
        let expected = zip(weight, point).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        return Check.areClose([model.score(point)], [expected], tolerance: 1e-6)
    }

    private static func predictsSign(_ dimensions: Int) -> Bool {
        let weight = random(dimensions, "weight")
        let model = Self(points: [], labels: [], dimensions: dimensions, weight: weight)
        let zero = [Float](repeating: 0, count: dimensions)
        return model.prediction(weight) == 1 && model.prediction(weight.map { -$0 }) == -1
            && model.prediction(zero) == 1
    }

    /// Trains on 500 copies of factor·w labelled −1, through the window search.
    ///
    /// The score of such a point is factor·|w|²: right from the start if the factor is negative. If it is positive,
    /// the first copy is a mistake, and w·(1 − factor) scores every copy below 0.
    private static func updatesExactly(_ factor: Float, dimensions: Int) -> Bool {
        let weight = random(dimensions, "weight")
        let point = weight.map { factor * $0 }
        let model = Self(
            points: (0..<500).flatMap { _ in point }, labels: [Float](repeating: -1, count: 500),
            dimensions: dimensions, weight: weight)
        let updates = model.train(window: 64, maximumEpochs: 10)
        let expected = factor < 0 ? weight : zip(weight, point).map { $0 - $1 }
        return updates == (factor < 0 ? 0 : 1) && model.weight.variable.value.values == expected
    }
}
