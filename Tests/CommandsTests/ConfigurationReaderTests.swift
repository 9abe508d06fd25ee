import Diagnostics
import Questions
import Testing

@Suite struct ConfigurationReaderTests {
    private enum Rate: String, CaseIterable {
        case constant
        case oneCycle
    }

    private func reader(_ text: String, set assignment: String? = nil) throws -> ConfigurationReader {
        var configuration = try Configuration(parsing: Array(text.utf8), file: "q9.json5")
        if let assignment { try configuration.set(assignment) }
        return ConfigurationReader(configuration)
    }

    @Test func valuesAreReadInTheirTypes() throws {
        var reader = try reader("{a: 3, b: 2, c: 0.5, d: true, e: 'oneCycle', f: [1, 2], g: 'text', h: 1e3}")
        #expect(try reader.integer("a", in: 1...3) == 3)
        #expect(try reader.number("b", in: 0...2) == 2)
        #expect(try reader.number("c", in: 0...1) == 0.5)
        #expect(try reader.boolean("d"))
        #expect(try reader.word("e", oneOf: Rate.self) == .oneCycle)
        #expect(try reader.integers("f", each: 1...2, maximumCount: 2) == [1, 2])
        #expect(try reader.string("g") == "text")
        #expect(try reader.integer("h", in: 0...2000) == 1000)
        try reader.finish()
    }

    @Test func aMissingKeyTakesTheDefaultOrIsNamed() throws {
        var reader = try reader("{}")
        #expect(try reader.integer("a", in: 1...3, default: 2) == 2)
        #expect(try reader.word("e", default: Rate.constant) == .constant)
        let failure = try #require(throws: Failure.self) { try reader.number("learningRate", in: 0...1) }
        #expect(failure.description.contains("missing key 'learningRate'"))
    }

    @Test(arguments: ["4", "0", "2.5", "'3'", "true", "[3]", "1e30", "-9223372036854775808"])
    func aValueOfAnotherTypeOrOutOfRangeIsNamed(value: String) throws {
        var reader = try reader("{\n key: \(value)\n}")
        let failure = try #require(throws: Failure.self) { try reader.integer("key", in: 1...3, default: 1) }
        #expect(failure.category == .usage)
        #expect(
            failure.description.hasPrefix(
                "wrong value of 'key': q9.json5:2: expected a whole number from 1 to 3, found"))
    }

    @Test(arguments: ["[]", "[1, 2, 3]", "[5]", "[1.5]", "1", "[[1]]"])
    func aListOfAnotherKindIsNamed(value: String) throws {
        var reader = try reader("{key: \(value)}")
        #expect(throws: Failure.self) { try reader.integers("key", each: 1...4, maximumCount: 2) }
    }

    @Test func aWordThatIsNotKnownIsAnsweredWithThoseThatAre() throws {
        var reader = try reader("{schedule: 'linear'}")
        let failure = try #require(throws: Failure.self) { try reader.word("schedule", default: Rate.constant) }
        #expect(failure.cause == "expected one of constant, oneCycle, found the text 'linear'")
    }

    @Test func anUnknownKeyIsRefusedWithTheNearest() throws {
        var reader = try reader("{learningRate: 1}", set: "learningrat=1e-3")
        _ = try reader.number("learningRate", in: 0...1)
        _ = try reader.integer("batchSize", in: 1...2, default: 1)
        let failure = try #require(throws: Failure.self) { try reader.finish() }
        #expect(
            failure.description
                == "unknown key 'learningrat': --set learningrat=1e-3; did you mean 'learningRate'?")
    }

    @Test func anUnknownKeyFarFromAllIsAnsweredWithAll() throws {
        var reader = try reader("{zzzzzz: 1}")
        _ = try reader.integer("b", in: 1...2, default: 1)
        _ = try reader.integer("a", in: 1...2, default: 1)
        let failure = try #require(throws: Failure.self) { try reader.finish() }
        #expect(failure.description == "unknown key 'zzzzzz': q9.json5:1; known are a, b")
    }

    @Test(arguments: [
        ("batchsize", "batchSize"), ("bacthSize", "batchSize"), ("epoch", "epochs"), ("hiden", "hidden"),
        ("q33", "q3"), ("momentum", nil), ("", nil),
    ])
    func theNearestWordIsFound(wrong: String, near: String?) {
        let words = ["batchSize", "epochs", "hidden", "q3"]
        #expect(ConfigurationSpelling.nearest(to: wrong, among: words) == near)
    }
}
