import Autograd
import Tensors

/// Slides weights over one image: the valid cross-correlation, without padding.
///
/// output[i, j] = Σ input[i + a, j + b] · weights[a, b]
///
/// - Parameters:
///   - input: an image, [height, width].
///   - weights: [h, w], neither larger than the image.
/// - Returns: [height − h + 1, width − w + 1].
/// - Throws: `ShapeError` if the shapes do not fit.
public func convolve(_ input: Variable, _ weights: Variable) throws -> Variable {
    guard input.shape.rank == 2, weights.shape.rank == 2 else {
        throw ShapeError("convolve", [input.shape, weights.shape], "needs an image and weights of two axes each")
    }
    let image = try input.reshaped(to: Shape([1, 1] + input.shape.dimensions))
    let kernel = try weights.reshaped(to: Shape([1, 1] + weights.shape.dimensions))
    let output = try image.conv2d(weight: kernel, bias: nil)
    return try output.reshaped(to: Shape(Array(output.shape.dimensions.suffix(2))))
}
