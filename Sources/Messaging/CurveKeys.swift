import CZeroMQ
import Diagnostics

/// A CURVE public key: who a peer is.
public struct CurvePublicKey: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes of the key.
    public let bytes: [UInt8]

    /// Creates a key from its bytes; nil unless there are 32.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Reads a key from its 40 characters of Z85.
    ///
    /// - Throws: `Failure` (usage) when the text is no key.
    public init(_ text: String) throws {
        bytes = try Z85.decode(text, what: "a public key")
    }

    /// The key as 40 characters of Z85.
    public var description: String { Z85.encode(bytes) }
}

/// A CURVE secret key; its description does not show it.
public struct CurveSecretKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    let bytes: [UInt8]

    /// Reads a key from its 40 characters of Z85.
    ///
    /// - Throws: `Failure` (usage) when the text is no key; it does not repeat the text.
    public init(_ text: String) throws {
        bytes = try Z85.decode(text, what: "a secret key")
    }

    /// The key as 40 characters of Z85, for a token file or a pipe; never log it.
    public var secretText: String { Z85.encode(bytes) }

    /// A constant in place of the key.
    public var description: String { "(secret)" }

    /// A constant in place of the key.
    public var debugDescription: String { description }
}

/// A CURVE key pair, made for one run.
public struct CurveKeyPair: Hashable, Sendable {
    /// What others know.
    public let publicKey: CurvePublicKey
    /// What only its owner knows.
    public let secretKey: CurveSecretKey

    /// Puts a pair together.
    ///
    /// - Throws: `Failure` (usage) when the two do not belong together.
    public init(publicKey: CurvePublicKey, secretKey: CurveSecretKey) throws {
        var text = [CChar](repeating: 0, count: 41)
        guard zmq_curve_public(&text, secretKey.secretText) == 0 else {
            throw ZeroMQError.last.failure("cannot check a key pair")
        }
        guard Z85.string(text) == publicKey.description else {
            throw Failure(.usage, "cannot use a key pair", because: "the public key does not belong to the secret key")
        }
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    /// Makes a new pair.
    ///
    /// - Throws: `Failure` when libzmq was built without CURVE.
    public static func generate() throws -> CurveKeyPair {
        var publicText = [CChar](repeating: 0, count: 41)
        var secretText = [CChar](repeating: 0, count: 41)
        guard zmq_curve_keypair(&publicText, &secretText) == 0 else {
            throw Failure(
                .workers, "cannot make keys", because: ZeroMQError.last.text,
                remedy: "install a libzmq that was built with libsodium")
        }
        return try CurveKeyPair(
            publicKey: CurvePublicKey(Z85.string(publicText)), secretKey: CurveSecretKey(Z85.string(secretText)))
    }
}

/// The text form of keys (ZeroMQ RFC 32): five printable characters for four bytes.
private enum Z85 {
    private static let alphabet = Set(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#")

    static func encode(_ bytes: [UInt8]) -> String {
        precondition(bytes.count == 32)
        var text = [CChar](repeating: 0, count: 41)
        zmq_z85_encode(&text, bytes, bytes.count)
        return string(text)
    }

    static func decode(_ text: String, what: String) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        guard text.utf8.count == 40, text.allSatisfy(alphabet.contains), zmq_z85_decode(&bytes, text) != nil else {
            throw Failure(.usage, "cannot read \(what)", because: "it is not 40 characters of Z85")
        }
        return bytes
    }

    static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
