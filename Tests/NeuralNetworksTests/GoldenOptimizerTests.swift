import NeuralNetworks
import Tensors
import Testing

/// The numbers of an optimizer in a golden file.
struct GoldenOptimizer: Decodable {
    let rate: Float?
    let momentum: Float?
    let nesterov: Bool?
    let beta1: Double?
    let beta2: Double?
    let epsilon: Float?
    let weightDecay: Float?

    /// The optimizer of a name, for a number of parameters.
    func make(_ name: String, _ count: Int) throws -> any Optimizer {
        let decay = try #require(weightDecay)
        if name == "sgd" {
            return SGD(
                parameterCount: count, momentum: try #require(momentum), nesterov: try #require(nesterov as Bool?),
                weightDecay: decay)
        }
        let (beta1, beta2, epsilon) = (try #require(beta1), try #require(beta2), try #require(epsilon))
        switch name {
        case "adam":
            return Adam(
                parameterCount: count, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
        case "adamw":
            return AdamW(
                parameterCount: count, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: decay)
        default: throw UnknownCase(name: name)
        }
    }
}

/// A case of optimizers.json that runs an optimizer.
struct OptimizerRun: GoldenCase {
    let name: String
    let optimizer: String
    let attributes: GoldenOptimizer
    let parameters: [Filled]
    let gradients: [[Filled]]
    let values: [[[Float]]]
}

/// A case of optimizers.json that follows a schedule.
struct ScheduleRun: GoldenCase {
    /// The numbers of a schedule.
    struct Attributes: Decodable {
        let base: Float
        let total: Int?
        let warmUp: Double?
        let divisor: Double?
        let finalDivisor: Double?
        let minimum: Double?
        let every: Int?
        let factor: Double?
        let steps: Int?
    }

    let name: String
    let schedule: String
    let attributes: Attributes
    let rates: [Float]
}

/// A case of optimizers.json that clips a gradient.
struct Clipping: GoldenCase {
    /// The bound.
    struct Attributes: Decodable {
        let maximum: Double
    }

    let name: String
    let attributes: Attributes
    let gradients: [Filled]
    let norm: Double
    let values: [[Float]]
}

/// A case of optimizers.json, of any kind.
enum OptimizerCase: GoldenCase {
    case optimizer(OptimizerRun)
    case schedule(ScheduleRun)
    case clip(Clipping)

    private enum CodingKeys: String, CodingKey {
        case kind
    }

    init(from decoder: any Decoder) throws {
        let kind = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .kind)
        switch kind {
        case "optimizer": self = .optimizer(try OptimizerRun(from: decoder))
        case "schedule": self = .schedule(try ScheduleRun(from: decoder))
        case "clip": self = .clip(try Clipping(from: decoder))
        default: throw UnknownCase(name: kind)
        }
    }

    var name: String {
        switch self {
        case .optimizer(let run): run.name
        case .schedule(let run): run.name
        case .clip(let clipping): clipping.name
        }
    }

    /// What is run: an optimizer or schedule by its name.
    var subject: String {
        switch self {
        case .optimizer(let run): run.optimizer
        case .schedule(let run): run.schedule
        case .clip: "clip"
        }
    }
}

@Suite struct GoldenOptimizerTests {
    @Test func everythingHasACase() throws {
        let subjects = Set(try GoldenFile<OptimizerCase>.cases("optimizers").map(\.subject))
        #expect(
            subjects == ["sgd", "adam", "adamw", "oneCycle", "cosine", "step", "linearWarmUp", "clip"])
    }

    @Test(arguments: try GoldenFile<OptimizerCase>.cases("optimizers"))
    func agreesWithPyTorch(golden: OptimizerCase) throws {
        switch golden {
        case .optimizer(let run): try check(run)
        case .schedule(let run): try check(run)
        case .clip(let clipping): check(clipping)
        }
    }

    private func check(_ run: OptimizerRun) throws {
        let initial = run.parameters.flatMap(\.values)
        let values = Tensor(initial, shape: [initial.count])
        var optimizer = try run.attributes.make(run.optimizer, initial.count)
        let rate = try #require(run.attributes.rate)
        try #require(run.gradients.count == 10 && run.values.count == 10)
        for (step, (given, expected)) in zip(run.gradients, run.values).enumerated() {
            // The scale is a power of two, so that it loses nothing.
            let gradients = given.flatMap(\.values).map { $0 * 8 }
            optimizer.step(
                values: values.pointer, gradients: gradients, count: gradients.count, rate: rate, scale: 0.125)
            expectClose(values.values, expected.flatMap { $0 }, 2e-6, "step \(step)")
        }
    }

    private func check(_ run: ScheduleRun) throws {
        let attributes = run.attributes
        let schedule: Schedule
        switch run.schedule {
        case "oneCycle":
            schedule = .oneCycle(
                warmUp: try #require(attributes.warmUp), divisor: try #require(attributes.divisor),
                finalDivisor: try #require(attributes.finalDivisor))
        case "cosine": schedule = .cosine(floor: try #require(attributes.minimum))
        case "step": schedule = .step(every: try #require(attributes.every), factor: try #require(attributes.factor))
        case "linearWarmUp": schedule = .linearWarmUp(steps: try #require(attributes.steps))
        default: throw UnknownCase(name: run.schedule)
        }
        #expect(run.rates.count == 20)
        for (step, expected) in run.rates.enumerated() {
            let rate = schedule.rate(step: step, of: attributes.total ?? 20, base: attributes.base)
            #expect(abs(rate - expected) <= 1e-6 * attributes.base, "step \(step)")
        }
    }

    private func check(_ clipping: Clipping) {
        let gradients = clipping.gradients.flatMap(\.values)
        let norm = gradientNorm(gradients, count: gradients.count)
        #expect(abs(norm - clipping.norm) <= 1e-8)
        let factor = Float(clippingFactor(norm: norm, maximum: clipping.attributes.maximum))
        expectClose(gradients.map { $0 * factor }, clipping.values.flatMap { $0 }, 1e-7)
    }
}
