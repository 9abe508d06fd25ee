import Diagnostics
import Glibc
import Testing

@testable import Messaging

@Suite struct TokenFileTests {
    @Test func `A token survives in its file, which only its owner may read`() throws {
        let folder = try Folder()
        let token = try TokenFile(server: CurveKeyPair.generate().publicKey, client: .generate())
        let path = folder.path + "/token"
        let previous = umask(0)
        defer { umask(previous) }
        try token.write(to: path)
        #expect(try TokenFile(path: path) == token)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        let other = try TokenFile(server: token.server, client: .generate())
        try other.write(to: path)
        #expect(try TokenFile(path: path) == other)
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o666] as [mode_t]) func `A file open to others is refused`(_ mode: mode_t)
        throws
    {
        let folder = try Folder()
        let path = folder.path + "/token"
        try TokenFile(server: CurveKeyPair.generate().publicKey, client: .generate()).write(to: path)
        #expect(chmod(path, mode) == 0)
        let failure = #expect(throws: Failure.self) { try TokenFile(path: path) }
        #expect(failure?.place == path)
        #expect(failure?.cause == "others may read or write it")
    }

    @Test func `What is no token file is refused`() throws {
        let folder = try Folder()
        #expect(throws: Failure.self) { try TokenFile(path: folder.path) }
        #expect(throws: Failure.self) { try TokenFile(path: folder.path + "/none") }
        #expect(throws: Failure.self) { try TokenFile(path: "/dev/zero") }
        #expect(mkfifo(folder.path + "/fifo", 0o600) == 0)
        #expect(throws: Failure.self) { try TokenFile(path: folder.path + "/fifo") }
        #expect(throws: Failure.self) {
            try TokenFile(server: CurveKeyPair.generate().publicKey, client: .generate()).write(
                to: folder.path + "/no/t")
        }
    }

    @Test func `A damaged token is refused, and the failure repeats no secret`() throws {
        let token = try TokenFile(server: CurveKeyPair.generate().publicKey, client: .generate())
        let secret = token.client.secretKey.secretText
        let lines = token.secretText.split(separator: "\n")
        var damaged = ["", "nonsense", token.secretText + "more things\n", token.secretText + "a b c\n"]
        for index in 1...3 {
            damaged.append((lines[..<index] + lines[(index + 1)...]).joined(separator: "\n"))
            damaged.append((lines + [lines[index]]).joined(separator: "\n"))
            damaged.append(
                (lines[..<index] + [lines[index].dropLast()] + lines[(index + 1)...]).joined(separator: "\n"))
        }
        for text in damaged {
            let failure = #expect(throws: Failure.self) { try TokenFile(text: text) }
            #expect(failure?.description.contains(secret.prefix(10)) == false)
        }
    }
}

/// A temporary folder, removed at the end.
private final class Folder {
    let path: String

    init() throws {
        var template = Array("/tmp/lockstep-token-XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    deinit {
        for name in ["token", "fifo"] { unlink(path + "/" + name) }
        rmdir(path)
    }
}
