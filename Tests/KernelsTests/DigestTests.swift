import Kernels
import Testing

/// The bits of kernels over all lengths 0…67, as one number each: the same on every processor.
///
/// Whichever instruction set a machine's loader chooses, these numbers must come out, for the results of workers on
/// different machines are added.
@Suite struct DigestTests {
    /// A kernel that writes `count` numbers, of inputs x and y in (−2, 2) and positive ones z.
    struct Kernel: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let digest: UInt64
        let run: @Sendable (UnsafeMutablePointer<Float>, [Float], [Float], [Float], Int) -> Void
    }

    static let kernels: [Kernel] = [
        Kernel(testDescription: "exp", digest: 0xFFDF_F415_6547_4CB2) { lockstep_exp($0, $1, $4) },
        Kernel(testDescription: "log", digest: 0x9789_C72E_7BF3_925B) { lockstep_log($0, $3, $4) },
        Kernel(testDescription: "tanh", digest: 0x959F_5A06_9FD4_1DBF) { lockstep_tanh($0, $1, $4) },
        Kernel(testDescription: "sigmoid", digest: 0x3C2E_6AE0_BD55_3CF6) { lockstep_sigmoid($0, $1, $4) },
        Kernel(testDescription: "square root", digest: 0xBB93_B992_A001_5376) { lockstep_square_root($0, $3, $4) },
        Kernel(testDescription: "gelu by tanh", digest: 0x145D_D976_EE70_EB4D) { out, x, _, _, count in
            var slopes = x
            lockstep_gelu_tanh(out, &slopes, x, count)
            lockstep_add_to(out, slopes, count)
        },
        Kernel(testDescription: "gelu by erf", digest: 0xB290_738C_A600_47DB) { out, x, _, _, count in
            var slopes = x
            lockstep_gelu_erf(out, &slopes, x, count)
            lockstep_add_to(out, slopes, count)
        },
        Kernel(testDescription: "softmax", digest: 0xC039_3B1E_3AA3_C1CD) { lockstep_softmax($0, $1, 1, $4) },
        Kernel(testDescription: "log-softmax", digest: 0x5D82_B2EF_BCF7_F4A6) { lockstep_log_softmax($0, $1, 1, $4) },
        Kernel(testDescription: "attention", digest: 0x4D81_BE30_933C_2E08) { out, x, y, _, count in
            out.update(from: y, count: count)
            lockstep_attention_softmax(out, 1, count, 0.3, count)
            var gradient = x
            lockstep_attention_softmax_gradient(&gradient, out, 1, count, 0.3, count)
            lockstep_add_to(out, gradient, count)
        },
        Kernel(testDescription: "layer norm", digest: 0x7E2D_73FE_2184_17D9) { out, x, y, z, count in
            guard count > 0 else { return }
            var (sum, mean, scale, work) = (
                x, Float(0), Float(0), [Float](repeating: 0, count: lockstep_layer_norm_work(count))
            )
            lockstep_layer_norm(out, &sum, &mean, &scale, x, y, z, x, 1e-5, 1, count)
            let target = LockstepTarget(values: out, adds: true)
            let none = LockstepTarget(values: nil, adds: false)
            lockstep_layer_norm_gradient(target, none, none, none, y, sum, &mean, &scale, z, &work, 1, count)
        },
        Kernel(testDescription: "linear gradient", digest: 0x1AE5_1A66_36C9_73EC) { out, x, y, _, count in
            var gradient = x
            lockstep_linear_gradient(&gradient, out, y, LOCKSTEP_SLOPE_TANH, 1, count, false)
            lockstep_add_to(out, gradient, count)
        },
        Kernel(testDescription: "adam", digest: 0x9C75_3FEC_A015_2A48) { out, x, y, z, count in
            var (first, second) = (y, z)
            var step = LockstepAdamStep(
                scale: 0.7, decay: 0.01, keep: 0.99, firstRate: 0.1, secondKeep: 0.999, secondRate: 0.001,
                stepSize: 0.01, correction: 1.1, epsilon: 1e-8)
            lockstep_adam(out, &first, &second, x, count, &step)
        },
        Kernel(testDescription: "sums", digest: 0xA5F5_63B5_2905_A5A7) { out, x, y, _, count in
            guard count > 0 else { return }
            out[0] = Float(lockstep_sum(x, 1, count))
            out[count - 1] = Float(lockstep_sum_of_squares(y, count) + lockstep_squared_difference(x, y, count))
        },
    ]

    @Test(arguments: kernels) func sameBitsEverywhere(kernel: Kernel) {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for count in 0...67 {
            let (x, y) = ((0..<count).map { sample($0, count) }, (0..<count).map { sample($0, 100 + count) })
            let z = (0..<count).map { abs(sample($0, 200 + count)) + 0.01 }
            var out = [Float](repeating: 1, count: count + 1)
            out.withUnsafeMutableBufferPointer { kernel.run($0.baseAddress.unsafelyUnwrapped, x, y, z, count) }
            #expect(out[count] == 1, "written behind \(count) numbers")
            for value in out {
                digest = (digest ^ UInt64(value.bitPattern)) &* 0x100_0000_01B3
            }
        }
        #expect(digest == kernel.digest, "\(kernel.testDescription): 0x\(String(digest, radix: 16))")
    }
}
