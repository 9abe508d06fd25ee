import Diagnostics
import Exchange
import Messaging
import Training

/// Where and how workers of other hosts may join a run.
struct RemoteAccess {
    /// The endpoint to listen at.
    let endpoint: Endpoint
    /// The file to write the keys of the run to; nil lets anybody join, unencrypted.
    let tokenFile: String?

    /// Reads the options; nil if none of them asks for it.
    ///
    /// - Throws: `Failure(.usage)` if the endpoint is malformed, or neither a token file nor `--insecure` is given.
    init?(_ options: CoordinatorOptions) throws {
        guard let listen = options.listen else { return nil }
        endpoint = try Endpoint(listen)
        tokenFile = options.tokenFile
        guard tokenFile != nil || options.isInsecure else {
            throw Failure(
                .usage, "cannot listen", at: listen, because: "workers need keys to join",
                remedy: "give --token-file FILE to write them to, or --insecure on a network you trust")
        }
    }

    /// Makes fresh keys and starts admitting those who have them.
    ///
    /// - Throws: `Failure` if the token file cannot be written or keys not be made.
    func settings(in context: Context) throws -> WorkerPool.Settings.Remote {
        guard let tokenFile else { return WorkerPool.Settings.Remote(endpoint: endpoint, security: nil) }
        let server = try CurveKeyPair.generate()
        let client = try CurveKeyPair.generate()
        let admission = try ZapHandler(in: context, admitting: [client.publicKey])
        try TokenFile(server: server.publicKey, client: client).write(to: tokenFile)
        return WorkerPool.Settings.Remote(endpoint: endpoint, security: (server, admission))
    }

    /// Tells people how to join.
    func announce(_ endpoint: Endpoint, _ observe: (TrainingEvent) -> Void) {
        let proof = tokenFile.map { "--token-file \($0)" } ?? "--insecure"
        observe(.note("workers may join with: worker --connect \(endpoint) \(proof)"))
    }
}
