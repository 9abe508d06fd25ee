import Exchange
import Glibc
import Launching

/// Ctrl-C and `kill` as what ends a run in good order.
final class Interruption: InterruptionSource {
    private let watch: SignalWatch

    /// Starts watching for signals.
    ///
    /// - Throws: `Failure(.workers)` if no descriptor is left.
    init() throws {
        // Programs of many threads start others with signals blocked, and then Ctrl-C would never arrive.
        var signals = sigset_t()
        sigemptyset(&signals)
        for request in [SignalWatch.Request.interrupt, .terminate] { sigaddset(&signals, request.rawValue) }
        watch = try SignalWatch()
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    var descriptors: [Int32] { [watch.descriptor] }

    func pending() -> Int32? { watch.next()?.rawValue }
}
