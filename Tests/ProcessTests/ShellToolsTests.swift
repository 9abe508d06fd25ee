import Foundation
import Testing

/// The commands that write what shells and `man` read.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ShellToolsTests {
    @Test(arguments: ["bash", "zsh", "fish"]) func `A completion script is all of the output`(_ shell: String) throws {
        let result = try Program.run("coordinator", ["completion", shell])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.output.contains("written by 'coordinator completion \(shell)'"))
        // The real questions, and those of the coordinator behind another program.
        #expect(result.output.contains("q6"))
        let same = try Program.run("benchmark", ["coordinator", "completion", shell])
        #expect(same.output == result.output)
    }

    @Test func `Manual pages are written into a folder that is made`() throws {
        let scratch = try Scratch()
        let folder = scratch.file("share/man1")
        for _ in 0..<2 {
            let result = try Program.run("coordinator", ["man", folder])
            #expect(result.status == 0 && result.output.contains(folder) && result.errors.isEmpty, "\(result.errors)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(Set(names).isSuperset(of: ["benchmark-step.1", "coordinator-verify.1", "coordinator.1", "worker.1"]))
        for name in names {
            let page = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            #expect(
                page.hasPrefix(".TH \"\(name.dropLast(2).uppercased().replacing("-", with: "\\-"))\" 1 "), "\(name)")
            // What a page is looked for by, and what --help says of the same command.
            let words = name.dropLast(2).split(separator: "-", maxSplits: 1).map(String.init)
            let help = try Program.run(words[0], Array(words.dropFirst()) + ["--help"])
            #expect(help.status == 0 && help.output.hasPrefix("Usage: \(words.joined(separator: " ")) "), "\(name)")
        }
        expectFailure(try Program.run("coordinator", ["man", folder + "/worker.1"]), 2, saying: "worker.1", "folder")
        expectFailure(try Program.run("coordinator", ["man", "/proc/pages"]), 2, saying: "/proc/pages")
    }

    @Test(arguments: [
        (["completion"], "bash, zsh, fish"), (["completion", "tcsh"], "tcsh"), (["man"], "DIRECTORY"),
        (["man", "a", "b"], "a b"), (["check-dependencies", "q3"], "q3"),
        (["check-dependencies", "--report", "/nonexistent/r.json"], "/nonexistent/r.json"),
    ]) func `A mistake is one line`(arguments: [String], text: String) throws {
        let result = try Program.run("coordinator", arguments)
        expectFailure(result, 2, saying: text)
        #expect(result.output.isEmpty)
    }
}
