import Datasets
import Diagnostics
import Foundation
import NeuralNetworks
import Tensors

@testable import Questions

/// The root of the package, found from this file.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// Makes a question from JSON5 text, as the coordinator does from a file and `--set`.
func makeQuestion<Kind: Question>(_ type: Kind.Type, _ json5: String, _ assignments: String...) throws -> Kind {
    try makeQuestion(type, json5, assignments)
}

/// Makes a question from JSON5 text and a list of assignments.
func makeQuestion<Kind: Question>(_ type: Kind.Type, _ json5: String, _ assignments: [String]) throws -> Kind {
    var configuration = try Configuration(parsing: Array(json5.utf8), file: "test.json5")
    for assignment in assignments { try configuration.set(assignment) }
    guard let question = try QuestionCatalog.make(type, configuration) as? Kind else {
        preconditionFailure("a question of another type")
    }
    return question
}

/// Makes a question from its own configuration file.
func makeQuestion<Kind: Question>(_ type: Kind.Type, fileWith assignments: [String]) throws -> Kind {
    var configuration = try Configuration(
        contentsOfFile: packageRoot.appending(path: "config/\(type.name).json5").path)
    for assignment in assignments { try configuration.set(assignment) }
    guard let question = try QuestionCatalog.make(type, configuration) as? Kind else {
        preconditionFailure("a question of another type")
    }
    return question
}

/// The names of the checks that failed.
func failed(_ checks: [Check]) -> [String] { checks.filter { !$0.passed }.map(\.name) }

/// The smallest recipe there is.
let plainRecipe = "{ batchSize: 8, epochs: 1, learningRate: 0.01 }"

extension DataFolder {
    /// A folder without data files.
    static let none: DataFolder = {
        guard let folder = try? DataFolder(explicit: packageRoot.appending(path: "config").path) else {
            preconditionFailure("the package has no folder config")
        }
        return folder
    }()
}

/// Small data sets with the arrays of the real ones, made by formulas.
enum SmallData {
    /// Ten kinds of images: a bright band whose place tells the digit, in noise.
    static func digits(training: Int = 300, test: Int = 60) -> DataSet {
        func images(_ count: Int, _ use: UInt64) -> DataArray {
            let key = RandomKey(seed: 7).child(use)
            var pixels = [UInt8](repeating: 0, count: count * 784)
            for image in 0..<count {
                let digit = image % 10
                for pixel in 0..<784 {
                    let noise = UInt8(key.integer(below: 120, at: UInt64(image * 784 + pixel)))
                    pixels[image * 784 + pixel] = noise + (pixel / 28 / 2 == digit + 2 ? 130 : 0)
                }
            }
            return DataArray(pixels, shape: [count, 784])
        }
        func labels(_ count: Int) -> DataArray { DataArray((0..<count).map { Int32($0 % 10) }, shape: [count]) }
        return DataSet(made: [
            "train_images": images(training, 0), "train_labels": labels(training),
            "test_images": images(test, 1), "test_labels": labels(test),
        ])
    }

    static let alphabet = Array("abcdefghijklmno".unicodeScalars)
    static let languages = ["en", "es", "fi", "nl", "pl"]

    /// Words of 1 to 6 letters; nine tenths of a word's letters are of the three that its language likes.
    static func words(training: Int = 400, others: Int = 60) -> DataSet {
        let names = Array(languages.joined(separator: "\n").utf8)
        var arrays = [
            "alphabet": DataArray(alphabet.map { Int32($0.value) }, shape: [alphabet.count]),
            "languages": DataArray(names, shape: [names.count]),
        ]
        for (part, count) in [("train", training), ("dev", others), ("test", others)] {
            let key = RandomKey(seed: 8).child(part)
            var letters = [UInt8](repeating: WordList.padding, count: count * 6)
            var lengths: [Int32] = []
            for word in 0..<count {
                lengths.append(Int32(word / 5 % 4 + 3))
                for position in 0..<Int(lengths[word]) {
                    let draw = UInt64(word * 6 + position)
                    let isLiked = key.child(0).uniform(at: draw) < 0.9
                    let letter = key.child(1).integer(below: isLiked ? 3 : alphabet.count, at: draw)
                    letters[word * 6 + position] = UInt8(isLiked ? word % 5 * 3 + letter : letter)
                }
            }
            arrays["\(part)_letters"] = DataArray(letters, shape: [count, 6])
            arrays["\(part)_lengths"] = DataArray(lengths, shape: [count])
            arrays["\(part)_labels"] = DataArray((0..<count).map { Int32($0 % 5) }, shape: [count])
        }
        return DataSet(made: arrays)
    }

    static let vocabulary = Array("\n abcdefgh".unicodeScalars)

    /// A text of few words in an order that is half regular.
    static func text() -> DataSet {
        let key = RandomKey(seed: 9)
        let words: [[UInt8]] = [[2, 3, 4, 1], [5, 6, 1], [7, 8, 9, 2, 1], [3, 3, 0]]
        let codes = (0..<500).flatMap { words[key.integer(below: 4, at: $0)] }
        return DataSet(made: [
            "train_text": DataArray(codes, shape: [codes.count]),
            "validation_text": DataArray(Array(codes.prefix(203)), shape: [203]),
            "vocabulary": DataArray(vocabulary.map { Int32($0.value) }, shape: [vocabulary.count]),
        ])
    }

    /// The small data set of a question, or what it makes itself.
    static func any(for question: any Question) throws -> DataSet {
        switch question {
        case is Digits, is Convolution: digits()
        case is Languages: words()
        case is ShakespeareText: text()
        default: try question.loadData(from: .none)
        }
    }
}
