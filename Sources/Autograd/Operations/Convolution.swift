import Kernels
import Tensors

/// Two-dimensional cross-correlation of images [n, in, h, w] with kernels [out, in, kh, kw].
///
/// Each image is unfolded into what the kernels see at each place, and multiplied. Correlating row by row without
/// unfolding was measured to be slower, even for one channel and one kernel.
final class Convolution: Operation {
    private let bias: Variable?
    private var plan: LockstepConvolution
    private let images: Int
    private let kernels: Int
    /// The unfolded image, [in · kh · kw, places], and its gradient.
    private let columns: Storage
    private let gradientColumns: Storage
    private let weightLayout: MatrixLayout
    private let columnsLayout: MatrixLayout
    private let outputLayout: MatrixLayout

    init(_ input: Variable, _ weight: Variable, _ bias: Variable?, plan: LockstepConvolution) {
        self.bias = bias
        self.plan = plan
        images = input.shape[0]
        kernels = weight.shape[0]
        let taps = weight.shape[1] * weight.shape[2] * weight.shape[3]
        let places = plan.outHeight * plan.outWidth
        columns = Storage(count: taps * places)
        gradientColumns = Storage(count: input.requiresGradient ? taps * places : 0)
        weightLayout = MatrixLayout(contiguous: kernels, taps)
        columnsLayout = MatrixLayout(contiguous: taps, places)
        outputLayout = MatrixLayout(contiguous: kernels, places)
        super.init(name: "conv2d", inputs: [input, weight] + (bias.map { [$0] } ?? []))
    }

    private var imageSize: Int { plan.channels * plan.height * plan.width }
    private var places: Int { plan.outHeight * plan.outWidth }

    override func forward(_ output: Tensor) {
        let weight = inputs[1].value.pointer
        for image in 0..<images {
            let source = inputs[0].value.pointer + image * imageSize
            let out = output.pointer + image * kernels * places
            for kernel in 0..<kernels {
                (out + kernel * places).update(repeating: bias?.value.pointer[kernel] ?? 0, count: places)
            }
            lockstep_unfold(columns.pointer, source, &plan)
            MatrixProduct.multiply(
                weight, weightLayout, columns.pointer, columnsLayout, into: out, outputLayout, accumulate: true)
        }
    }

    override func backward(_ output: Variable) {
        let gradient = output.gradient.pointer
        if inputs[0].requiresGradient { addInputGradient(gradient) }
        if inputs[1].requiresGradient { addWeightGradient(gradient) }
        if let bias, bias.requiresGradient {
            if !bias.beginGradient() { bias.clearGradient() }
            for image in 0..<images {
                for kernel in 0..<kernels {
                    let plane = gradient + (image * kernels + kernel) * places
                    bias.gradient.pointer[kernel] += Float(lockstep_sum(plane, 1, places))
                }
            }
        }
    }

    private func addInputGradient(_ gradient: UnsafePointer<Float>) {
        let input = inputs[0]
        let weight = inputs[1].value.pointer
        if !input.beginGradient() { input.clearGradient() }
        for image in 0..<images {
            let target = input.gradient.pointer + image * imageSize
            let share = gradient + image * kernels * places
            MatrixProduct.multiply(
                weight, weightLayout.transposed, share, outputLayout, into: gradientColumns.pointer, columnsLayout,
                accumulate: false)
            lockstep_fold_add(target, gradientColumns.pointer, &plan)
        }
    }

    private func addWeightGradient(_ gradient: UnsafePointer<Float>) {
        let weight = inputs[1]
        if !weight.beginGradient() { weight.clearGradient() }
        let target = weight.gradient.pointer
        for image in 0..<images {
            let source = inputs[0].value.pointer + image * imageSize
            let share = gradient + image * kernels * places
            lockstep_unfold(columns.pointer, source, &plan)
            MatrixProduct.multiply(
                share, outputLayout, columns.pointer, columnsLayout.transposed, into: target, weightLayout,
                accumulate: true)
        }
    }
}

extension Variable {
    /// The two-dimensional convolution, in the sense of neural networks: kernels are not mirrored.
    ///
    /// - Parameters:
    ///   - weight: kernels [out, in, kh, kw].
    ///   - bias: [out], or nil for none.
    ///   - stride: steps down and across.
    ///   - padding: zeros above and below, and on either side.
    /// - Returns: [n, out, (h + 2 · padding − kh) / stride + 1, likewise] for images [n, in, h, w].
    /// - Throws: `ShapeError` if the shapes do not fit, or the kernel exceeds the padded image.
    public func conv2d(
        weight: Variable, bias: Variable? = nil, stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0)
    ) throws -> Variable {
        let name = "conv2d"
        let shapes = [shape, weight.shape] + (bias.map { [$0.shape] } ?? [])
        guard shape.rank == 4, weight.shape.rank == 4, shape[1] == weight.shape[1] else {
            throw ShapeError(name, shapes, "images [n, in, h, w] need a weight [out, in, kh, kw]")
        }
        if let bias, bias.shape != [weight.shape[0]] {
            throw ShapeError(name, shapes, "a weight [out, in, kh, kw] needs a bias [out]")
        }
        guard stride.0 > 0, stride.1 > 0, padding.0 >= 0, padding.1 >= 0,
            max(stride.0, stride.1, padding.0, padding.1) <= Int(Int32.max)
        else { throw ShapeError(name, shapes, "strides must be positive, padding not negative") }
        let height = shape[2] + 2 * padding.0 - weight.shape[2]
        let width = shape[3] + 2 * padding.1 - weight.shape[3]
        guard height >= 0, width >= 0, weight.shape[2] > 0, weight.shape[3] > 0 else {
            throw ShapeError(name, shapes, "the kernel must fit into the padded image")
        }
        let plan = LockstepConvolution(
            channels: shape[1], height: shape[2], width: shape[3], kernelHeight: weight.shape[2],
            kernelWidth: weight.shape[3], strideY: stride.0, strideX: stride.1, paddingY: padding.0,
            paddingX: padding.1, outHeight: height / stride.0 + 1, outWidth: width / stride.1 + 1)
        let operation = Convolution(contiguous(), weight.contiguous(), bias?.contiguous(), plan: plan)
        return Variable(
            recording: operation, shape: [shape[0], weight.shape[0], plan.outHeight, plan.outWidth])
    }
}
