import Tensors

extension Initialiser {
    /// Orthonormal rows, or columns where there are fewer of them (Saxe, McClelland, Ganguli, arXiv:1312.6120).
    ///
    /// For W of shape [rows, …], seen as a matrix whose columns are all other axes: W·Wᵀ = gain² · I if there are at
    /// most as many rows as columns, else Wᵀ·W = gain² · I. It is uniform among all such matrices.
    ///
    /// - Complexity: rows · columns · the smaller of both, in double precision.
    public static func orthogonal(_ shape: Shape, gain: Float = 1, key: RandomKey) -> Tensor {
        precondition(shape.rank >= 2, "an orthogonal tensor of shape \(shape) has no rows and columns")
        let tensor = Tensor(zeros: shape)
        let rows = shape[0]
        let columns = shape.dimensions.dropFirst().reduce(1, *)
        let isWide = rows <= columns
        let (count, length) = isWide ? (rows, columns) : (columns, rows)
        var vectors = [Double](repeating: 0, count: count * length)
        vectors.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            forEachNormal(count * length, key) { start[$0] = $1 }
            orthonormalise(start, count: count, length: length)
            for vector in 0..<count {
                for index in 0..<length {
                    let place = isWide ? vector * length + index : index * count + vector
                    tensor.pointer[place] = Float(start[vector * length + index]) * gain
                }
            }
        }
        return tensor
    }

    /// Makes vectors orthonormal by the modified Gram–Schmidt process; they must be linearly independent.
    private static func orthonormalise(_ vectors: UnsafeMutablePointer<Double>, count: Int, length: Int) {
        for current in 0..<count {
            let vector = vectors + current * length
            let norm = dot(vector, vector, length).squareRoot()
            precondition(norm > 0, "random vectors depend on each other")
            for index in 0..<length { vector[index] /= norm }
            for later in current + 1..<max(count, current + 1) {
                let other = vectors + later * length
                let share = dot(vector, other, length)
                for index in 0..<length { other[index] -= share * vector[index] }
            }
        }
    }

    /// The scalar product, in four lanes.
    private static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ length: Int) -> Double {
        var lanes = SIMD4<Double>()
        var index = 0
        while index + 4 <= length {
            lanes +=
                SIMD4(a[index], a[index + 1], a[index + 2], a[index + 3])
                * SIMD4(b[index], b[index + 1], b[index + 2], b[index + 3])
            index += 4
        }
        var sum = lanes.sum()
        while index < length {
            sum += a[index] * b[index]
            index += 1
        }
        return sum
    }
}
