import Glibc

/// A thread of its own, for loops that block: the pool of Swift's concurrency has one thread a core.
///
/// Join or detach it once; what it was given lives until it ends.
public struct JoinableThread: Sendable {
    /// Why no thread could be started.
    public struct StartError: Error {
        /// The system's error number.
        public let status: Int32
    }

    /// What the thread does, as something that can be handed over.
    private final class Body {
        let run: () -> Void

        init(_ run: @escaping () -> Void) { self.run = run }
    }

    private let identifier: pthread_t

    /// Starts a thread that runs `body` and ends.
    ///
    /// - Throws: `StartError`; `body` is released then, and was not run.
    public init(_ body: sending @escaping () -> Void) throws(StartError) {
        var identifier = pthread_t()
        let retained = Unmanaged.passRetained(Body(body))
        let status = pthread_create(
            &identifier, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, retained.toOpaque())
        guard status == 0 else {
            retained.release()
            throw StartError(status: status)
        }
        self.identifier = identifier
    }

    /// Waits for its end.
    public func join() { pthread_join(identifier, nil) }

    /// Lets it end by itself.
    public func detach() { pthread_detach(identifier) }
}
