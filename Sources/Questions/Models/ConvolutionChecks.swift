import Autograd
import Tensors

/// Checks of a convolution against its definition.
enum ConvolutionChecks {
    /// Compares with the definition on random images of size 2, 4 and 6, and on one that is not square.
    ///
    /// - Parameter convolve: from an image and weights of two axes to the output.
    static func all(_ convolve: (Variable, Variable) throws -> Variable = convolve) throws -> [Check] {
        try [(2, 2, 2, 2), (4, 4, 2, 2), (6, 6, 2, 2), (5, 7, 3, 2)].map { height, width, rows, columns in
            let key = RandomKey(seed: 0).child("convolution checks").child(UInt64(height))
            let input = Tensor.noise([height, width], key: key.child("input"))
            let weights = Tensor.noise([rows, columns], key: key.child("weights"))
            let output = try convolve(Variable(input), Variable(weights))
            let expected = definition(input, weights)
            return Check(
                "convolve equals the definition, \(height)×\(width) by \(rows)×\(columns)",
                passed: output.shape == [height - rows + 1, width - columns + 1]
                    && Check.areClose(output.value.values, expected, tolerance: 1e-5))
        }
    }

    /// The sums of products, written out in double precision.
    private static func definition(_ input: Tensor, _ weights: Tensor) -> [Double] {
        let (width, rows, columns) = (input.shape[1], weights.shape[0], weights.shape[1])
        var result: [Double] = []
        for top in 0...input.shape[0] - rows {
            for left in 0...width - columns {
                var sum = 0.0
                for row in 0..<rows {
                    for column in 0..<columns {
                        sum +=
                            Double(input.pointer[(top + row) * width + left + column])
                            * Double(weights.pointer[row * columns + column])
                    }
                }
                result.append(sum)
            }
        }
        return result
    }
}
