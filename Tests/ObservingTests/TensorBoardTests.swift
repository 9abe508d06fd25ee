import Diagnostics
import Foundation
import Questions
import Testing
import Training

@testable import Observing

@Suite struct TensorBoardTests {
    private let run = RunSample()
    private let description = RunDescription(version: "1.2", seed: 7, questions: [("q3", "{}")])

    /// Test vectors: the usual one, and those of RFC 3720, appendix B.4.
    @Test(arguments: [
        ("313233343536373839", UInt32(0xE306_9283)),
        (String(repeating: "00", count: 32), UInt32(0x8A91_36AA)),
        (String(repeating: "ff", count: 32), UInt32(0x62A8_AB43)),
        ("", UInt32(0)),
    ])
    func checksumsAreThePublishedOnes(hexadecimal: String, checksum: UInt32) {
        let digits = Array(hexadecimal)
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        #expect(CRC32C.checksum(bytes) == checksum)
    }

    /// The examples of the documentation of the encoding, and the edges of its numbers.
    @Test func fieldsAreEncodedAsDocumented() {
        func encoded(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
            var writer = ProtobufWriter()
            body(&writer)
            return writer.bytes
        }
        #expect(encoded { $0.add(1, 150) } == [0x08, 0x96, 0x01])
        #expect(encoded { $0.add(2, "testing") } == [0x12, 0x07] + Array("testing".utf8))
        #expect(encoded { $0.add(3) { $0.add(1, 150) } } == [0x1A, 0x03, 0x08, 0x96, 0x01])
        #expect(encoded { $0.add(1, -2) } == [0x08, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01])
        #expect(encoded { $0.add(16, 0) } == [0x80, 0x01, 0x00])
        #expect(encoded { $0.add(1, Float(1)) } == [0x0D, 0, 0, 0x80, 0x3F])
        #expect(encoded { $0.add(1, 1.0) } == [0x09, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    }

    @Test func digitsLieByLabelAndCertainty() {
        func digit(_ label: Int, _ guess: Int, _ probability: Float, _ shade: UInt8) -> Picture.Digit {
            Picture.Digit(
                pixels: [UInt8](repeating: shade, count: 784), label: label, guess: guess, probability: probability)
        }
        let sheet = Raster(digits: [digit(4, 4, 0.9, 200), digit(4, 9, 0.2, 90), digit(2, 2, 0.5, 10)])
        #expect(sheet.width == 60 && sheet.height == 60)
        #expect(sheet[1, 1] == .grey(10) && sheet[31, 31] == .grey(200) && sheet[58, 58] == .grey(200))
        #expect(sheet[1, 31] == Raster.Colour(red: 96, green: 30, blue: 30), "the wrong one is red, and less sure")
        #expect(sheet[31, 1] == sheet[0, 0], "there is no second image of a 2")
        // Images that are not whole leave the rest empty; none at all is a sheet of one pixel.
        let short = Picture.Digit(pixels: [1], label: 0, guess: 0, probability: 1)
        #expect(Raster(digits: [short])[2, 1] == sheet[0, 0])
        #expect(Raster(digits: []).width == 1)
        #expect(Raster(attention: [0, .nan, 2, 0.5], size: 2)[31, 31] == .grey(127))
    }

    /// How many records with a text there are in the files of q3.
    private func count(_ text: String, in folder: TestFolder) throws -> Int {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("q3"))
        let bytes = try names.map { try Data(contentsOf: URL(fileURLWithPath: folder.file("q3/" + $0))) }.reduce(
            Data(), +)
        var count = 0
        var rest = bytes[...]
        while let range = rest.range(of: Data(text.utf8)) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }

    private func write(_ events: [(Double, TrainingEvent)], to folder: TestFolder) throws {
        let writer = try TensorBoardWriter(folder.path, run: description, clock: run.clock) { _ in }
        for (seconds, event) in events { writer.observe(event, at: run.moment(seconds)) }
        try writer.finish(at: run.moment(1e4), failure: nil)
    }

    /// 12,000 steps in twelve seconds: the first ten thousand, ten of each of the last two, and the last one.
    @Test(arguments: [(9_000, 9_000), (12_000, 10_021)])
    func onlyLongRunsAreThinnedOut(steps: Int, written: Int) throws {
        let folder = try TestFolder()
        let events = (1...steps).map { (Double($0) / 1000, run.step($0)) }
        try write([(0, run.started())] + events + [(13, .finished)], to: folder)
        let count = try count("loss/training", in: folder)
        #expect(abs(count - written) <= (steps > 10_000 ? 1 : 0), "\(count)")
    }

    /// The step before a score, even if it would have been left out.
    @Test func theLastStepBeforeAScoreIsWritten() throws {
        let folder = try TestFolder()
        var events: [(Double, TrainingEvent)] = [(0, run.started())] + (1...10_000).map { (0.001, run.step($0)) }
        events += [(0.001, run.step(10_001)), (0.001, run.step(10_002)), (0.001, run.evaluated(0.9))]
        try write(events, to: folder)
        #expect(try count("loss/training", in: folder) == 10_001)
        #expect(try count("accuracy/validation", in: folder) == 1)
    }

    @Test func picturesComeNowAndThenAndAtTheEnd() throws {
        let folder = try TestFolder()
        var events: [(Double, TrainingEvent)] = [(0, run.started())]
        for second in 0...12 {
            events += [(Double(second), run.step(second)), (Double(second), .pictured([.text("t")]))]
        }
        try write(events + [(12, .finished)], to: folder)
        #expect(try count("\n\u{6}sample", in: folder) == 4, "at 0, 5, 10 and 12 seconds")
    }

    @Test(arguments: ["/proc/tensorboard", "/dev/null", ""])
    func aFolderThatCannotBeMadeIsFoundOutAtOnce(path: String) throws {
        let failure = try #require(throws: Failure.self) {
            try TensorBoardWriter(path, run: description, clock: run.clock) { _ in }
        }
        #expect(failure.category == .data && failure.what == "cannot write events for TensorBoard")
    }

    @Test func aFolderThatVanishesIsToldOnceAndStopsNothing() throws {
        let folder = try TestFolder()
        var warnings: [String] = []
        let writer = try TensorBoardWriter(folder.path, run: description, clock: run.clock) { warnings.append($0) }
        try FileManager.default.removeItem(atPath: folder.file("q3"))
        for event in [run.started(), run.step(1), .finished, run.started(), run.step(1)] {
            writer.observe(event, at: run.moment(1))
        }
        #expect(warnings.count == 1 && warnings.first?.contains("no such file") == true)
        let failure = try #require(throws: Failure.self) { try writer.finish(at: run.moment(2), failure: nil) }
        #expect(failure.category == .data)
    }
}
