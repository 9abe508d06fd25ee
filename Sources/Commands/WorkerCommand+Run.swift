import Datasets
import Diagnostics
import Exchange
import FoundationEssentials
import Glibc
import Launching
import Messaging

extension WorkerCommand {
    /// Works until the coordinator is done.
    ///
    /// - Throws: `Failure`.
    static func run(_ options: WorkerOptions) throws -> Int32 {
        let invitation: WorkerLoop.Invitation
        let endpoint = try Endpoint(options.connect)
        if let parent = options.parent { try dieWithParent(expectedParent: parent) }
        if options.parent != nil, options.tokenFile == nil {
            invitation = WorkerLoop.Invitation(endpoint: endpoint, secret: Secret(try readSecret(within: .seconds(10))))
        } else {
            invitation = WorkerLoop.Invitation(endpoint: endpoint, token: try token(options))
        }
        let cache = try options.cacheFolder.map { try DataSetCache(folder: $0) } ?? DataSetCache()
        let loop = try WorkerLoop(
            invitation, context: Context(), cache: cache, version: Version.current,
            seat: options.seat.map { try WorkerSeat($0, descriptors: (board: 3, desk: 4, bell: 5, tally: 6)) },
            threads: options.threads, heartbeatInterval: .seconds(options.heartbeat))
        if !options.isQuiet { try StandardStream.error.write("worker: connecting to \(endpoint)\n") }
        try loop.run()
        return EXIT_SUCCESS
    }

    /// The keys to connect with; nil for an insecure connection.
    private static func token(_ options: WorkerOptions) throws -> TokenFile? {
        if options.isInsecure { return nil }
        guard let path = options.tokenFile else {
            throw Failure(
                .usage, "cannot join", at: options.connect, because: "the coordinator admits nobody without keys",
                remedy: "give --token-file FILE as the coordinator wrote it, or --insecure if it runs so")
        }
        guard path == "-" else { return try TokenFile(path: path) }
        return try TokenFile(text: String(decoding: readSecret(within: .seconds(10)), as: UTF8.self))
    }
}
