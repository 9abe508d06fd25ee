import Diagnostics
import Glibc
import Questions
import Testing

@Suite struct ConfigurationParsingTests {
    private func parse(_ text: String) throws -> Configuration {
        try Configuration(parsing: Array(text.utf8), file: "q9.json5")
    }

    @Test(arguments: [
        ("{}", "{}"),
        ("{ /* none */ } // none", "{}"),
        ("{b: 1, a: [2, [3,],],}", #"{"a":[2,[3]],"b":1}"#),
        ("{'a b': 'it\\'s', \"c\": \"\\u00e9\\x41\\n\"}", #"{"a b":"it's","c":"éA\u000a"}"#),
        (#"{a: "\ud83d\ude00"}"#, #"{"a":"😀"}"#),
        ("{a: 'one\\\n two'}", #"{"a":"one two"}"#),
        ("{a: true, b: false, $_: 'x'}", #"{"$_":"x","a":true,"b":false}"#),
        (
            "{a: 0x1F, b: +3, c: -4, d: .5, e: 5., f: 1e3, g: 2.0, h: -0.25E-2}",
            #"{"a":31,"b":3,"c":-4,"d":0.5,"e":5,"f":1000,"g":2,"h":-0.0025}"#
        ),
        (
            "{a: 9223372036854775807, b: -9223372036854775808}",
            #"{"a":9223372036854775807,"b":-9223372036854775808}"#
        ),
        ("{a: 9223372036854775808, b: 1e300}", #"{"a":9.223372036854776e+18,"b":1e+300}"#),
        ("\u{FEFF}{größe: 1,\u{2028}\t}\r\n", #"{"größe":1}"#),
    ])
    func everySpellingOfJSON5HasOneCanonicalForm(text: String, canonical: String) throws {
        let configuration = try parse(text)
        #expect(String(decoding: configuration.canonicalJSON(), as: UTF8.self) == canonical)
        #expect(try Configuration(canonicalJSON: configuration.canonicalJSON()) == configuration)
    }

    @Test(arguments: [
        ("", "1:1", "empty"),
        ("  \n// nothing", "2:11", "empty"),
        ("[1]", "1:1", "expected '{', found '['"),
        ("{a: 1", "1:6", "expected ',' or '}'"),
        ("{a: 1}\n{", "2:1", "expected the end"),
        ("{\n  a: 1,\n  b: 2,\n  a: 3 }", "4:3", "'a' is given twice"),
        ("{a 1}", "1:4", "expected ':'"),
        ("{1: 2}", "1:2", "expected a key"),
        ("{a: null}", "1:5", "null"),
        ("{a: {b: 1}}", "1:5", "object"),
        ("{a: NaN}", "1:5", "finite"),
        ("{a: -Infinity}", "1:5", "finite"),
        ("{a: 1e400}", "1:5", "too large"),
        ("{a: 0xFFFFFFFFFFFFFFFFFF}", "1:5", "too large"),
        ("{a: 01}", "1:5", "begin with 0"),
        ("{a: 1.2.3}", "1:5", "not a number"),
        ("{a: 12px}", "1:5", "not a number"),
        ("{a: -}", "1:5", "not a number"),
        ("{a: .}", "1:5", "not a number"),
        ("{a: 1e}", "1:5", "exponent"),
        ("{a: 0x}", "1:5", "hexadecimal"),
        ("{a: adam}", "1:5", "\"adam\""),
        ("{a: 'b}", "1:5", "does not end"),
        ("{a: 'b\n'}", "1:5", "does not end"),
        ("{a: '\\ud800'}", "1:6", "surrogate"),
        ("{a: '\\xZZ'}", "1:6", "2 hexadecimal"),
        ("{a: 1 /* b", "1:7", "comment"),
        ("{a: [[[[[[[[[1]]]]]]]]]}", "1:13", "deeper than 8"),
        ("{a: [1 2]}", "1:8", "expected ',' or ']'"),
    ])
    func aMistakeIsNamedWithLineAndColumn(text: String, place: String, cause: String) throws {
        let failure = try #require(throws: Failure.self) { try parse(text) }
        #expect(failure.category == .usage)
        #expect(failure.place == "q9.json5:\(place)")
        #expect(failure.cause?.contains(cause) == true, "\(failure)")
    }

    @Test func depthSizeAndEncodingAreBounded() {
        #expect(throws: Failure.self) { try parse("{a: " + String(repeating: "[", count: 200_000)) }
        #expect(throws: Failure.self) { try parse("{}" + String(repeating: " ", count: 1 << 20)) }
        #expect(throws: Failure.self) { try Configuration(parsing: [0x7B, 0xFF, 0x7D], file: "x") }
    }

    @Test(arguments: ["/nowhere/q3.json5", "/", "/proc/self/mem", "/dev/zero", "/dev/null"])
    func aFileThatCannotBeUsedIsNamed(path: String) throws {
        let failure = try #require(throws: Failure.self) { try Configuration(contentsOfFile: path) }
        #expect(failure.category == .usage)
        #expect(failure.description.contains(path))
    }

    @Test(arguments: [
        ("a=1", "1"), ("a=1e-3", "0.001"), ("a=[256]", "[256]"), ("a=adam", #""adam""#), ("a=q-3", #""q-3""#),
        ("a='x=y'", #""x=y""#), ("a=true", "true"), ("a=-2", "-2"),
    ])
    func anAssignmentReplacesTheValue(assignment: String, value: String) throws {
        var configuration = try parse("{a: 'old', b: 2}")
        try configuration.set(assignment)
        #expect(String(decoding: configuration.canonicalJSON(), as: UTF8.self) == #"{"a":\#(value),"b":2}"#)
    }

    @Test(arguments: ["", "a", "=1", "a=", "a=[1", "a=1 2", "a=null", "a=NaN", "a={}", "a='", "a=two words"])
    func aWrongAssignmentIsRefused(assignment: String) throws {
        var configuration = Configuration()
        let failure = try #require(throws: Failure.self) { try configuration.set(assignment) }
        #expect(failure.category == .usage)
        #expect(failure.description.hasPrefix("cannot set: --set \(assignment)"))
    }
}
