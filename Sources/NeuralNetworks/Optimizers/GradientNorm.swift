import Kernels

/// The Euclidean norm of a gradient.
///
/// It is not finite exactly if one of the numbers is not, so it tells a diverged training too. Squares are added in
/// double precision in a fixed order: the same numbers give the same bits on every machine.
///
/// - Parameters:
///   - gradients: the numbers; contiguous.
///   - count: how many.
/// - Complexity: one pass, without allocating.
public func gradientNorm(_ gradients: UnsafePointer<Float>, count: Int) -> Double {
    lockstep_sum_of_squares(gradients, count).squareRoot()
}

/// The factor that bounds the norm of a gradient, at most 1: maximum / (norm + 10⁻⁶), as PyTorch's `clip_grad_norm_`.
///
/// - Parameters:
///   - norm: the norm of the gradient, finite.
///   - maximum: the bound, not negative.
public func clippingFactor(norm: Double, maximum: Double) -> Double {
    min(1, maximum / (norm + 1e-6))
}
