import Messaging

extension WorkerPool {
    /// What a pool is made of.
    public struct Settings {
        /// Where hosts connect to, and how they prove that they may.
        public struct Remote {
            /// The endpoint to listen at.
            public let endpoint: Endpoint
            /// The coordinator's keys, and who admits the workers' ones; nil lets anybody in, unencrypted.
            public let security: (keys: CurveKeyPair, admission: ZapHandler)?

            /// Creates a place for hosts to connect to.
            public init(endpoint: Endpoint, security: (keys: CurveKeyPair, admission: ZapHandler)?) {
                self.endpoint = endpoint
                self.security = security
            }
        }

        /// The endpoint local workers connect to.
        public let local: Endpoint
        /// The secret a worker must know to be admitted through the local endpoint.
        public let secret: Secret
        /// The endpoint other hosts connect to; nil for none.
        public let remote: Remote?
        /// This build; workers of another are turned away.
        public let version: String
        /// What has work and answers get lost; nil to lose none.
        public let loss: (any MessageLoss)?
        /// The memory shared with local workers that were given seats; nil to exchange by messages alone.
        public let memory: SharedMemory?

        /// Creates the settings of a pool.
        public init(
            local: Endpoint, secret: Secret, remote: Remote? = nil, version: String, loss: (any MessageLoss)? = nil,
            memory: SharedMemory? = nil
        ) {
            self.loss = loss
            self.memory = memory
            self.local = local
            self.secret = secret
            self.remote = remote
            self.version = version
        }
    }
}
