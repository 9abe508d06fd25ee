import Tensors

/// Where the gradients of a graph's results lie: in few pieces of memory, used again and again during a backward pass.
///
/// A gradient is needed from the first share that is added to it until its operation has passed it on. So little memory
/// is touched, and most of it is still in the caches.
final class GradientPlan {
    /// A gradient for every recorded variable that has one of its own, in the order of the graph.
    private let gradients: [Tensor?]

    /// Plans the backward pass over variables in the order of their recording.
    init(_ recorded: [Variable]) {
        var gradients = [Tensor?](repeating: nil, count: recorded.count)
        var places: [ObjectIdentifier: Int] = [:]
        for (place, variable) in recorded.enumerated() where variable.root == nil && variable.requiresGradient {
            places[ObjectIdentifier(variable)] = place
        }
        var free: [Storage] = []
        func allocate(_ variable: Variable) {
            let root = variable.root ?? variable
            guard let place = places[ObjectIdentifier(root)], gradients[place] == nil else { return }
            let count = root.value.count
            // The smallest piece that is large enough, but none that is far too large.
            let fitting = free.indices.filter { count <= free[$0].count && free[$0].count <= 2 * count }
                .min { free[$0].count < free[$1].count }
            let storage = fitting.map { free.remove(at: $0) } ?? Storage(count: count)
            gradients[place] = Tensor(storage: storage, shape: root.shape)
        }
        if let result = recorded.last { allocate(result) }
        for (place, variable) in recorded.enumerated().reversed() where variable.requiresGradient {
            variable.operation?.inputs.forEach(allocate)
            if let gradient = gradients[place] { free.append(gradient.storage) }
        }
        self.gradients = gradients
    }

    /// Lends the gradients to the variables they were planned for, unless they have them.
    func apply(to recorded: [Variable]) {
        for (variable, gradient) in zip(recorded, gradients) where variable.plan !== self {
            variable.adopt(gradient, of: self)
        }
    }
}
