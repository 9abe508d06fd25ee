import Diagnostics
import FoundationEssentials
import Launching

/// The Python environment in which peers run: `.build/peers` of the package, made when it is missing.
struct PeerTools {
    private let folder: String
    private let environment: String
    private let children: PeerProcess.Runner

    /// Where `tools/peers` and the environment are.
    ///
    /// - Throws: `Failure(.usage)` if the package is not found.
    init(running children: PeerProcess.Runner) throws {
        guard let requirements = PackageFile.path(of: "tools/peers/requirements.txt") else {
            throw Failure(
                .usage, "cannot find the peers", at: "tools/peers/requirements.txt",
                because: "neither the working folder nor a folder above the program has it",
                remedy: "run it in the package")
        }
        folder = String(requirements.dropLast("/requirements.txt".count))
        environment = String(folder.dropLast("tools/peers".count)) + ".build/peers"
        self.children = children
    }

    /// The interpreter of the environment.
    var python: String { "\(environment)/bin/python" }

    /// Where scripts keep what they decoded, as Lockstep does in its own cache.
    var cache: String { "\(environment)/cache" }

    /// The path of a script.
    func script(_ name: String) -> String { "\(folder)/\(name)" }

    /// The copy of the requirements that tells what was installed.
    private var marker: String { "\(environment)/requirements.txt" }

    /// Makes the environment unless it is there, and says so.
    ///
    /// - Throws: `Failure(.workers)` if it cannot be made, as without a network; or `Interrupted`.
    func prepare() throws {
        let requirements = try? Data(contentsOf: URL(filePath: script("requirements.txt")))
        if let requirements, requirements == (try? Data(contentsOf: URL(filePath: marker))) { return }
        try StandardStream.error.write("installing PyTorch and JAX into \(environment); this takes some minutes\n")
        try install(
            "python3", ["-m", "venv", environment], remedy: "install Python 3.11 or later with its module venv")
        try install(
            python,
            [
                "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2", "--requirement",
                script("requirements.txt"),
            ], remedy: "it needs a network the first time")
        try OutputFile(marker, for: "list of packages").write(Array(requirements ?? Data()))
    }

    private func install(_ program: String, _ arguments: [String], remedy: String) throws {
        do {
            try children.run(program, arguments, within: .seconds(1800))
        } catch let failure as Failure {
            throw Failure(
                .workers, "cannot install the peers", at: environment, because: failure.cause ?? failure.what,
                remedy: remedy)
        }
    }
}
