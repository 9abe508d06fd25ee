import Kernels

/// A function that a layer applies to its result in the same pass.
public enum Activation: Sendable, Hashable {
    /// Nothing.
    case identity
    /// max(x, 0).
    case relu
    /// The hyperbolic tangent.
    case tanh
    /// The Gaussian error linear unit, or its approximation with tanh; see `Variable.gelu(approximate:)`.
    case gelu(approximate: Bool)
}

extension Activation {
    /// Whether slopes must be kept, since they do not follow from the results.
    var keepsSlopes: Bool {
        switch self {
        case .identity, .relu, .tanh: false
        case .gelu: true
        }
    }

    /// Applies the function in place to what a product has written, whose end applies ReLU already; writes kept slopes.
    func apply(_ values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .identity, .relu: break
        case .tanh: lockstep_tanh_in_place(values, count)
        case .gelu(approximate: true): lockstep_gelu_tanh(values, slopes, values, count)
        case .gelu(approximate: false): lockstep_gelu_erf(values, slopes, values, count)
        }
    }

    /// What the slopes follow from, results or kept slopes, and how.
    func slope(
        output: UnsafePointer<Float>, slopes: UnsafePointer<Float>
    ) -> (kept: UnsafePointer<Float>, slope: LockstepSlope) {
        switch self {
        case .identity: (output, LOCKSTEP_SLOPE_ONE)
        case .relu: (output, LOCKSTEP_SLOPE_RELU)
        case .tanh: (output, LOCKSTEP_SLOPE_TANH)
        case .gelu: (slopes, LOCKSTEP_SLOPE_KEPT)
        }
    }
}
