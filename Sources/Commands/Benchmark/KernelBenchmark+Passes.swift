import Kernels
import Tensors

extension KernelBenchmark {
    /// A pass over memory: what it is, how many bytes it reads and writes, and how to run it.
    struct Pass {
        let name: String
        let shape: String
        let bytes: Int
        let run: () -> Void
    }

    /// The passes of the questions, over arrays as large as theirs.
    static func passes() -> [Pass] {
        activations() + rowPasses() + attentionPasses() + parameterPasses() + sparsePasses()
    }

    private static func pass(_ name: String, _ rows: Int, _ columns: Int, floats: Int, _ run: @escaping () -> Void)
        -> Pass
    {
        Pass(name: name, shape: "\(rows)×\(columns)", bytes: floats * MemoryLayout<Float>.stride, run: run)
    }

    private static func activations() -> [Pass] {
        let (rows, columns) = (192, 512)
        let count = rows * columns
        let (x, y, kept, bias) = (numbers(count), numbers(count), numbers(count), numbers(columns))
        func gradient(_ name: String, _ slope: LockstepSlope) -> Pass {
            pass(name + " and bias, gradient", rows, columns, floats: 3 * count) {
                lockstep_linear_gradient(x.pointer, bias.pointer, kept.pointer, slope, rows, columns, false)
            }
        }
        return [
            pass("GELU and its slope", rows, columns, floats: 3 * count) {
                lockstep_gelu_tanh(y.pointer, kept.pointer, x.pointer, count)
            },
            pass("tanh", rows, columns, floats: 2 * count) { lockstep_tanh(y.pointer, x.pointer, count) },
            pass("exp", rows, columns, floats: 2 * count) { lockstep_exp(y.pointer, x.pointer, count) },
            pass("ReLU", rows, columns, floats: 2 * count) { lockstep_relu(y.pointer, x.pointer, count) },
            gradient("ReLU", LOCKSTEP_SLOPE_RELU), gradient("GELU", LOCKSTEP_SLOPE_KEPT),
            pass("bias, gradient", rows, columns, floats: count) {
                lockstep_linear_gradient(
                    x.pointer, bias.pointer, kept.pointer, LOCKSTEP_SLOPE_ONE, rows, columns, false)
            },
            pass("sum of two", rows, columns, floats: 3 * count) {
                lockstep_add(y.pointer, x.pointer, 1, kept.pointer, 1, count)
            },
        ]
    }

    private static func rowPasses() -> [Pass] {
        let (rows, columns, classes) = (1250, 100, 65)
        let count = rows * columns
        let (x, r, out, sum) = (numbers(count), numbers(count), numbers(count), numbers(count))
        let (first, second) = (numbers(count), numbers(count))
        let (weight, bias, means, scales) = (numbers(columns), numbers(columns), numbers(rows), numbers(rows))
        let (dw, db, work) = (numbers(columns), numbers(columns), numbers(lockstep_layer_norm_work(columns)))
        let indices = (0..<rows).map { Int32($0 * 31 % classes) }
        let (logits, probabilities) = (numbers(rows * classes), numbers(rows * classes))
        let table = numbers(classes * columns)
        func target(_ storage: Storage) -> LockstepTarget { LockstepTarget(values: storage.pointer, adds: false) }
        return [
            pass("layer norm of a sum", rows, columns, floats: 4 * count) {
                lockstep_layer_norm(
                    out.pointer, sum.pointer, means.pointer, scales.pointer, x.pointer, r.pointer, weight.pointer,
                    bias.pointer, 1e-5, rows, columns)
            },
            pass("layer norm of a sum, gradients", rows, columns, floats: 4 * count) {
                lockstep_layer_norm_gradient(
                    target(first), target(second), target(dw), target(db), out.pointer, sum.pointer, means.pointer,
                    scales.pointer, weight.pointer, work.pointer, rows, columns)
            },
            pass("cross-entropy", rows, classes, floats: 2 * rows * classes) {
                _ = lockstep_cross_entropy(probabilities.pointer, logits.pointer, indices, rows, classes)
            },
            pass("cross-entropy, gradient", rows, classes, floats: 2 * rows * classes) {
                lockstep_cross_entropy_gradient(
                    logits.pointer, probabilities.pointer, indices, rows, classes, 1, false)
            },
            pass("rows of a table", rows, columns, floats: 2 * count) {
                lockstep_gather_rows(out.pointer, table.pointer, indices, rows, columns)
            },
            pass("rows of a table, gradient", rows, columns, floats: 3 * count) {
                lockstep_scatter_add_rows(table.pointer, x.pointer, indices, rows, columns)
            },
        ]
    }

    private static func attentionPasses() -> [Pass] {
        [10, 64].flatMap { length in
            let count = length * length
            let (scores, gradient) = (numbers(count), numbers(count))
            return [
                pass("softmax of attention", length, length, floats: 2 * count) {
                    lockstep_attention_softmax(scores.pointer, length, length, 0.1, 1)
                },
                pass("softmax of attention, gradient", length, length, floats: 3 * count) {
                    lockstep_attention_softmax_gradient(gradient.pointer, scores.pointer, length, length, 0.1, 1)
                },
            ]
        }
    }

    /// What is done to all parameters of q3, and to its pixels.
    private static func parameterPasses() -> [Pass] {
        let count = 203_530
        let (values, gradients, first, second) = (numbers(count), numbers(count), numbers(count), numbers(count))
        second.pointer.update(repeating: 1, count: count)
        let pixels = [UInt8](repeating: 100, count: 784 * 64)
        let images = numbers(pixels.count)
        return [
            pass("Adam", 1, count, floats: 7 * count) {
                var step = LockstepAdamStep(
                    scale: 1, decay: 0, keep: 1, firstRate: 0.1, secondKeep: 0.999, secondRate: 0.001, stepSize: 0.001,
                    correction: 1, epsilon: 1e-8)
                lockstep_adam(values.pointer, first.pointer, second.pointer, gradients.pointer, count, &step)
            },
            pass("sum of gradients", 1, count, floats: 3 * count) {
                lockstep_add_to(first.pointer, gradients.pointer, count)
            },
            pass("norm of a gradient", 1, count, floats: count) {
                _ = lockstep_sum_of_squares(gradients.pointer, count)
            },
            Pass(name: "pixels to numbers", shape: "64×784", bytes: 5 * pixels.count) {
                lockstep_bytes_to_floats(images.pointer, pixels, pixels.count)
            },
        ]
    }
}
