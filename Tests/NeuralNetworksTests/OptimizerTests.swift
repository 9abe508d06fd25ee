import NeuralNetworks
import Tensors
import Testing

/// Optimizers against loops that follow the formulas, bit for bit, at every remainder of a vector's length.
@Suite struct OptimizerTests {
    private let rate: Float = 0.01
    private let scale: Float = 0.125
    private let decay: Float = 0.1

    private func initial(_ count: Int) -> [Float] {
        Initialiser.uniform([count], bound: 1, key: RandomKey(seed: 1)).values
    }

    private func gradient(_ count: Int, _ step: Int) -> [Float] {
        Initialiser.normal([count], deviation: 4, key: RandomKey(seed: 2).child(UInt64(step))).values
    }

    /// The values after three steps of an optimizer.
    private func run(_ optimizer: consuming some Optimizer, _ count: Int) -> [Float] {
        let values = Tensor(initial(count), shape: [count])
        for step in 0..<3 {
            let gradients = Tensor(gradient(count, step), shape: [count])
            optimizer.step(
                values: values.pointer, gradients: gradients.pointer, count: count, rate: rate, scale: scale)
        }
        #expect(optimizer.steps == 3)
        return values.values
    }

    @Test(arguments: 0...67) func adamFollowsItsFormula(count: Int) {
        for isDecoupled in [false, true] {
            var values = initial(count)
            var first = [Float](repeating: 0, count: count)
            var second = first
            var (power1, power2) = (1.0, 1.0)
            let (added, keep) = isDecoupled ? (0, Float(1 - Double(rate) * Double(decay))) : (decay, 1)
            for step in 0..<3 {
                power1 *= 0.9
                power2 *= 0.999
                let stepSize = Float(Double(rate) / (1 - power1))
                let correction = Float(1 / (1 - power2).squareRoot())
                let gradients = gradient(count, step)
                for index in 0..<count {
                    let g = gradients[index] * scale + added * values[index]
                    first[index] += Float(1 - 0.9) * (g - first[index])
                    second[index] = Float(0.999) * second[index] + Float(1 - 0.999) * (g * g)
                    let share = first[index] / (second[index].squareRoot() * correction + 1e-8)
                    values[index] = keep * values[index] - stepSize * share
                }
            }
            let actual =
                isDecoupled
                ? run(AdamW(parameterCount: count, weightDecay: decay), count)
                : run(Adam(parameterCount: count, weightDecay: decay), count)
            #expect(actual == values)
        }
    }

    @Test(arguments: 0...67) func gradientDescentFollowsItsFormula(count: Int) {
        for (momentum, nesterov) in [(0, false), (0.75, false), (0.75, true)] as [(Float, Bool)] {
            var values = initial(count)
            var velocities = [Float](repeating: 0, count: count)
            for step in 0..<3 {
                let gradients = gradient(count, step)
                for index in 0..<count {
                    let g = gradients[index] * scale + decay * values[index]
                    velocities[index] = momentum * velocities[index] + g
                    values[index] -= rate * (nesterov ? g + momentum * velocities[index] : velocities[index])
                }
            }
            let optimizer = SGD(
                parameterCount: count, momentum: momentum, nesterov: nesterov, weightDecay: decay)
            #expect(optimizer.moments.count == (momentum == 0 ? 0 : 1))
            #expect(run(optimizer, count) == values)
        }
    }

    @Test func goesOnFromSavedState() {
        let count = 21
        let optimizers: [() -> any Optimizer] = [
            { SGD(parameterCount: count, momentum: 0.9) }, { Adam(parameterCount: count) },
            { AdamW(parameterCount: count) },
        ]
        for make in optimizers {
            var whole = make()
            let values = Tensor(initial(count), shape: [count])
            var restored = make()
            let copy = Tensor(zeros: [count])
            for step in 0..<6 {
                if step == 3 {
                    restored.steps = whole.steps
                    for (target, source) in zip(restored.moments, whole.moments) {
                        target.pointer.update(from: source.pointer, count: count)
                    }
                    copy.pointer.update(from: values.pointer, count: count)
                }
                let gradients = Tensor(gradient(count, step), shape: [count])
                whole.step(values: values.pointer, gradients: gradients.pointer, count: count, rate: rate)
                if step >= 3 {
                    restored.step(values: copy.pointer, gradients: gradients.pointer, count: count, rate: rate)
                }
            }
            #expect(copy.values == values.values)
            #expect(restored.steps == 6)
        }
    }

    @Test(arguments: 0...67) func normIsTheEuclideanOne(count: Int) {
        let values = gradient(count, 0)
        let exact = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        let norm = gradientNorm(values, count: count)
        #expect(abs(norm - exact) <= 1e-14 * max(1, exact))
    }

    @Test func normAddsInSixteenLanesThenPairs() {
        // Numbers of which the order of additions can be read: large ones swallow small ones.
        var values = [Float](repeating: 0, count: 33)
        values[0] = 0x1p30
        values[16] = 1
        values[32] = -1
        values[8] = 1
        // In one lane: 2⁶⁰ + 1 + 1 stays 2⁶⁰; so does adding lane 8.
        #expect(gradientNorm(values, count: 33) == 0x1p30)
        values[0] = 0x1p26
        // 2⁵² + 1 + 1 and lane 8's 1 are exact.
        #expect(gradientNorm(values, count: 33) == (0x1p52 + 3.0).squareRoot())
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity], [0, 7, 8, 15, 16, 31, 40])
    func normTellsWhatIsNotFinite(value: Float, place: Int) {
        var values = [Float](repeating: .greatestFiniteMagnitude, count: 41)
        #expect(gradientNorm(values, count: 41).isFinite)
        values[place] = value
        #expect(!gradientNorm(values, count: 41).isFinite)
    }

    @Test func clippingNeverEnlarges() {
        #expect(clippingFactor(norm: 0, maximum: 1) == 1)
        #expect(clippingFactor(norm: 0.5, maximum: 1) == 1)
        #expect(abs(clippingFactor(norm: 4, maximum: 1) - 0.25) < 1e-6)
        #expect(clippingFactor(norm: 4, maximum: 0) == 0)
    }
}
