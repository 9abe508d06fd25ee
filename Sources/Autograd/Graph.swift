import Tensors

/// The computation that leads to a result, in an order in which it can be run again and differentiated.
///
/// Recording an operation runs it once. A graph replays all of them in place: write new values into the leaves, then
/// call `forward()` and `backward()`; neither allocates after the first time. Not thread-safe.
public final class Graph {
    /// The variable the graph computes.
    public let result: Variable
    private let recorded: [Variable]
    private let leaves: [Variable]
    private let plan: GradientPlan
    /// The leaves whose gradient gets a single share, which is added at once.
    private let addable: [Variable]

    /// Collects the computation that leads to `result`, every operation after those it needs.
    public init(_ result: Variable) {
        self.result = result
        var seen: Set<ObjectIdentifier> = []
        var order: [Variable] = []
        var leaves: [Variable] = []
        // Depth first with a stack of its own: a graph may be deeper than the thread's.
        var stack: [(variable: Variable, next: Int)] = [(result, 0)]
        seen.insert(ObjectIdentifier(result))
        while let (variable, next) = stack.last {
            let inputs = variable.operation?.inputs ?? []
            if next < inputs.count {
                stack[stack.count - 1].next += 1
                if seen.insert(ObjectIdentifier(inputs[next])).inserted { stack.append((inputs[next], 0)) }
            } else {
                stack.removeLast()
                if variable.operation == nil { leaves.append(variable) } else { order.append(variable) }
            }
        }
        recorded = order
        self.leaves = leaves
        plan = GradientPlan(order)
        var shares: [ObjectIdentifier: Int] = [:]
        var addable: Set<ObjectIdentifier> = []
        for operation in order.compactMap(\.operation) where !(operation is ViewOperation) {
            for input in operation.inputs {
                let root = ObjectIdentifier(input.root ?? input)
                shares[root, default: 0] += 1
                if operation.addsAtOnce(to: input) { addable.insert(root) }
            }
        }
        self.addable = leaves.filter {
            let place = ObjectIdentifier($0)
            return $0.requiresGradient && addable.contains(place) && shares[place] == 1
        }
    }

    /// Whether the result depends on a leaf.
    public func contains(leaf: Variable) -> Bool {
        leaves.contains { $0 === leaf }
    }

    /// Whether the gradient of a leaf can be added to what is there; see `backward(adding:)`.
    public func canAdd(to leaf: Variable) -> Bool {
        addable.contains { $0 === leaf }
    }

    /// Computes every value again from the leaves.
    public func forward() {
        for variable in recorded {
            variable.operation.unsafelyUnwrapped.forward(variable.value)
        }
    }

    /// Writes the gradient of the result, a scalar, into every variable that requires one.
    ///
    /// Gradients of an earlier pass are overwritten, not added to. Only those of leaves stay behind: the others share
    /// memory, each until it was passed on.
    ///
    /// - Parameter adding: whether gradients are added to what is there, for the leaves for which that gives the same bits
    ///   as adding them afterwards; those of the others are overwritten all the same.
    public func backward(adding: Bool = false) {
        precondition(result.value.count == 1, "backward from a result of shape \(result.shape), not a scalar")
        guard result.requiresGradient else { return }
        for leaf in leaves { leaf.gradientIsWritten = false }
        for variable in recorded { variable.gradientIsWritten = false }
        if adding {
            for leaf in addable { leaf.gradientIsWritten = true }
        }
        plan.apply(to: recorded)
        _ = result.beginGradient()
        result.gradient.pointer[0] = 1
        for variable in recorded.reversed() where variable.requiresGradient {
            variable.operation.unsafelyUnwrapped.backward(variable)
        }
    }
}

extension Variable {
    /// Differentiates this scalar: records the graph that leads here and runs its backward pass once.
    public func backward() {
        Graph(self).backward()
    }
}
