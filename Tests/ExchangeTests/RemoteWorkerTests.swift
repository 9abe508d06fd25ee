import Diagnostics
import Messaging
import Testing
import Training

@testable import Exchange

/// Workers that come in over TCP.
@Suite(.timeLimit(.minutes(5)), .serialized) struct RemoteWorkerTests {
    @Test func `The key of the token is admitted, another is not`() throws {
        let lesson = try Lesson()
        let scratch = try Scratch()
        let context = try Context()
        let server = try CurveKeyPair.generate()
        let client = try CurveKeyPair.generate()
        let admission = try ZapHandler(in: context, admitting: [client.publicKey])
        let token = TokenFile(server: server.publicKey, client: client)
        let wrong = TokenFile(server: server.publicKey, client: try CurveKeyPair.generate())
        let trained = try train(
            lesson, scratch: scratch, context: context,
            remote: WorkerPool.Settings.Remote(endpoint: .loopback, security: (server, admission))
        ) { _, remote in
            let remote = try #require(remote)
            let stranger = try Peer(context, remote, token: wrong)
            try stranger.hello()
            let unencrypted = try Peer(context, remote)
            try unencrypted.hello()
            let deadline = ContinuousClock.now + patience
            while admission.refusals == 0, ContinuousClock.now < deadline {}
            try work(
                WorkerLoop.Invitation(endpoint: remote, token: token), context, cache: scratch.cache("worker"))
        }
        #expect(admission.refusals > 0)
        #expect(trained.joined == 1)
        #expect(try trained.session.parameters.values.sha256 == lesson.digest())
    }

    @Test func `Without keys anybody may join`() throws {
        let lesson = try Lesson()
        let scratch = try Scratch()
        let context = try Context()
        let trained = try train(
            lesson, scratch: scratch, context: context,
            remote: WorkerPool.Settings.Remote(endpoint: .loopback, security: nil)
        ) { _, remote in
            try work(
                WorkerLoop.Invitation(endpoint: try #require(remote)), context, cache: scratch.cache("worker"))
        }
        #expect(try trained.session.parameters.values.sha256 == lesson.digest())
    }
}
