import Kernels
import Tensors

/// Tensors joined along one axis.
final class Concatenate: Operation {
    /// One part: its walk over (output, part), and where it begins in the output.
    private struct Part {
        let loop: StridedLoop
        let offset: Int
    }

    private let parts: [Part]

    init(_ parts: [Variable], axis: Int, shape: Shape) {
        let strides = shape.contiguousStrides
        var begin = 0
        self.parts = parts.map { part in
            defer { begin += part.shape.dimensions[axis] }
            return Part(
                loop: StridedLoop(part.shape, [strides, part.value.strides]), offset: begin * strides[axis])
        }
        super.init(name: "concatenate", inputs: parts)
    }

    override func forward(_ output: Tensor) {
        for (number, part) in parts.enumerated() {
            let out = output.pointer + part.offset
            let source = inputs[number].value.pointer
            let (outStride, sourceStride, _) = part.loop.strides
            part.loop.run { into, from, _ in
                lockstep_assign(out + into, outStride, source + from, sourceStride, part.loop.count, 1, false)
            }
        }
    }

    override func backward(_ output: Variable) {
        for (number, part) in parts.enumerated() where inputs[number].requiresGradient {
            let input = inputs[number]
            let accumulate = input.beginGradient()
            let gradient = output.gradient.pointer + part.offset
            let target = input.gradient.pointer
            let (sourceStride, targetStride, _) = part.loop.strides
            part.loop.run { from, into, _ in
                if targetStride == 0 {
                    target[into] += Float(lockstep_sum(gradient + from, sourceStride, part.loop.count))
                } else {
                    lockstep_assign(
                        target + into, targetStride, gradient + from, sourceStride, part.loop.count, 1, accumulate)
                }
            }
        }
    }
}

extension Variable {
    /// The parts one behind another along an axis.
    ///
    /// - Throws: `ShapeError` if there are no parts, no such axis, or the other extents differ.
    public static func concatenate(_ parts: [Variable], axis: Int) throws -> Variable {
        guard let first = parts.first else { throw ShapeError("concatenate", [], "there is nothing to join") }
        let counted = try first.shape.axis(axis, "concatenate")
        var extent = 0
        for part in parts {
            guard part.shape.rank == first.shape.rank,
                part.shape.replacing(counted, by: 0) == first.shape.replacing(counted, by: 0)
            else {
                throw ShapeError("concatenate", parts.map(\.shape), "all extents but that of axis \(axis) must agree")
            }
            extent += part.shape.dimensions[counted]
        }
        let shape = first.shape.replacing(counted, by: extent)
        return Variable(recording: Concatenate(parts, axis: counted, shape: shape), shape: shape)
    }
}
