import Kernels
import Tensors

/// scale · x + offset with constant numbers, element by element.
final class Affine: Operation {
    private let scale: Float
    private let offset: Float

    init(name: String, _ input: Variable, scale: Float, offset: Float) {
        self.scale = scale
        self.offset = offset
        super.init(name: name, inputs: [input])
    }

    override func forward(_ output: Tensor) {
        lockstep_affine(output.pointer, inputs[0].value.pointer, scale, offset, output.count)
    }

    override func backward(_ output: Variable) {
        let input = inputs[0]
        let accumulate = input.beginGradient()
        lockstep_assign(
            input.gradient.pointer, 1, output.gradient.pointer, 1, output.value.count, scale, accumulate)
    }
}

extension Variable {
    private func affine(_ name: String, scale: Float, offset: Float) -> Variable {
        let input = contiguous()
        return Variable(recording: Affine(name: name, input, scale: scale, offset: offset), shape: shape)
    }

    /// A number added to every element.
    public static func + (a: Variable, b: Float) -> Variable { a.affine("+", scale: 1, offset: b) }

    /// A number added to every element.
    public static func + (a: Float, b: Variable) -> Variable { b.affine("+", scale: 1, offset: a) }

    /// A number subtracted from every element.
    public static func - (a: Variable, b: Float) -> Variable { a.affine("-", scale: 1, offset: -b) }

    /// A number minus every element.
    public static func - (a: Float, b: Variable) -> Variable { b.affine("-", scale: -1, offset: a) }

    /// Every element times a number.
    public static func * (a: Variable, b: Float) -> Variable { a.affine("*", scale: b, offset: 0) }

    /// Every element times a number.
    public static func * (a: Float, b: Variable) -> Variable { b.affine("*", scale: a, offset: 0) }

    /// Every element with the other sign.
    public static prefix func - (a: Variable) -> Variable { a.affine("-", scale: -1, offset: 0) }
}
