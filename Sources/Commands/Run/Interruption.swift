import Exchange
import Launching

/// Ctrl-C and `kill` as what ends a run in good order.
final class Interruption: InterruptionSource {
    private let watch: SignalWatch

    /// Starts watching for signals.
    ///
    /// - Throws: `Failure(.workers)` if no descriptor is left.
    init() throws {
        watch = try SignalWatch()
    }

    var descriptors: [Int32] { [watch.descriptor] }

    func pending() -> Int32? { watch.next()?.rawValue }
}
