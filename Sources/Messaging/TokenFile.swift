import CSodium
import Diagnostics
import Glibc

/// What a worker on another host needs in order to join: the server's key, and a key pair of its own.
///
/// Kept in a small text file that only its owner may read.
public struct TokenFile: Hashable, Sendable {
    /// The key that the coordinator proves.
    public let server: CurvePublicKey
    /// The keys by which the coordinator admits the worker.
    public let client: CurveKeyPair

    /// Puts a token together.
    public init(server: CurvePublicKey, client: CurveKeyPair) {
        self.server = server
        self.client = client
    }

    /// The token as the text of its file; secret.
    public var secretText: String {
        """
        # Lockstep: lets a worker join one run. Keep it secret.
        server-public \(server)
        client-public \(client.publicKey)
        client-secret \(client.secretKey.secretText)

        """
    }

    /// Reads a token from the text of its file.
    ///
    /// - Throws: `Failure` (usage) that says what is missing or wrong, and repeats no secret.
    public init(text: String) throws {
        var values: [Substring: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            guard words.count == 2, values.updateValue(String(words[1]), forKey: words[0]) == nil else {
                throw Self.malformed("a line is not a name and a value, or comes twice")
            }
        }
        func value(_ name: Substring) throws -> String {
            guard let value = values.removeValue(forKey: name) else { throw Self.malformed("\(name) is missing") }
            return value
        }
        server = try CurvePublicKey(value("server-public"))
        client = try CurveKeyPair(
            publicKey: CurvePublicKey(value("client-public")), secretKey: CurveSecretKey(value("client-secret")))
        guard values.isEmpty else { throw Self.malformed("it has a line that does not belong there") }
    }

    /// Reads a token from a file.
    ///
    /// - Throws: `Failure` (usage) when it cannot be read, is not a regular file, belongs to somebody else, can be
    ///   read or written by others, or holds no token.
    public init(path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw Self.unreadable(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.unreadable(path, String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Self.unreadable(path, "it is not a regular file") }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw Self.unreadable(path, "it belongs to another user")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Self.unreadable(path, "others may read or write it", "chmod 600 it, and make new keys")
        }
        var bytes = [UInt8](repeating: 0, count: 4097)
        var count = 0
        while count < bytes.count {
            let read = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + count, $0.count - count)
            }
            if read < 0 && errno == EINTR { continue }
            guard read >= 0 else { throw Self.unreadable(path, String(cString: strerror(errno))) }
            if read == 0 { break }
            count += read
        }
        guard count <= 4096, let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw Self.unreadable(path, "it is too long or not text")
        }
        do {
            try self.init(text: text)
        } catch let failure as Failure {
            throw Self.unreadable(path, failure.cause ?? failure.what)
        }
    }

    /// Writes the token to a file that only its owner may read, in place of what was there.
    ///
    /// The file appears whole or not at all.
    ///
    /// - Throws: `Failure` (usage) when it cannot be written.
    public func write(to path: String) throws {
        func failed(_ code: Int32) -> Failure {
            Failure(
                .usage, "cannot write token file", at: path, because: String(cString: strerror(code)),
                remedy: "choose a folder you may write to")
        }
        let temporary = path + ".\(getpid()).\(randombytes_random())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failed(errno) }
        let bytes = Array(secretText.utf8)
        var code: Int32 = fchmod(descriptor, 0o600) == 0 ? 0 : errno
        if code == 0 {
            // A text of 200 bytes is written at once, or the disk is full.
            let written = Glibc.write(descriptor, bytes, bytes.count)
            if written != bytes.count { code = written < 0 ? errno : ENOSPC }
        }
        if code == 0 && fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0 && code == 0 { code = errno }
        if code == 0 && rename(temporary, path) != 0 { code = errno }
        if code != 0 {
            unlink(temporary)
            throw failed(code)
        }
    }

    private static func malformed(_ cause: String) -> Failure {
        Failure(.usage, "cannot read token", because: cause)
    }

    private static func unreadable(_ path: String, _ cause: String, _ remedy: String = "make a new one") -> Failure {
        Failure(.usage, "cannot read token file", at: path, because: cause, remedy: remedy)
    }
}
