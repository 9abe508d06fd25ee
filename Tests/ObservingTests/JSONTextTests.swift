import Foundation
import Questions
import Testing

@testable import Observing

@Suite struct JSONTextTests {
    /// What a reader makes of a value.
    private func read(_ value: some JSONValue) throws -> String {
        let json = try JSONSerialization.jsonObject(with: Data("[".utf8 + value.json + "]".utf8)) as? [Any]
        return "\(try #require(json?.first))"
    }

    @Test(arguments: ["", "a", "\"\\/", "\n\r\t\u{0}\u{1F}\u{7F}", "</script><!--", "é\u{1F600}\u{2028}"])
    func textsComeThrough(text: String) throws {
        #expect(try read(text) == text)
        #expect(!text.json.contains { $0 < 0x20 || $0 == UInt8(ascii: "<") })
    }

    @Test(arguments: [0.0, -0.5, 1e300, Double.leastNonzeroMagnitude, 0.1, 1.0 / 3, 123_456_789.125])
    func numbersComeThrough(number: Double) throws {
        #expect(Double(try read(number)) == number)
        #expect(Double(String(decoding: number.json, as: UTF8.self)) == number)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func numbersThatAreNotFiniteAreNull(number: Double) throws {
        #expect(String(decoding: number.json, as: UTF8.self) == "null")
        #expect(String(decoding: Float(number).json, as: UTF8.self) == "null")
    }

    @Test(arguments: 0...8)
    func bytesAreBase64(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 97 &+ 200) }
        var text = JSONText()
        text.append(base64: bytes)
        #expect(String(decoding: text.bytes, as: UTF8.self) == "\"\(Data(bytes).base64EncodedString())\"")
    }

    @Test(arguments: [
        (Picture.line(angle: 0.5), #"{"kind":"line","angle":0.5}"#),
        (.text("a"), #"{"kind":"text","text":"a"}"#),
        (.attention(size: 1, weights: [1]), #"{"kind":"attention","size":1,"weights":[1.0]}"#),
        (
            .attention(size: 1, weights: [1], labels: ["\n"]),
            #"{"kind":"attention","size":1,"weights":[1.0],"labels":["\n"]}"#
        ),
        (
            .filters(width: 2, height: 1, [[1, .nan], [0, -1]]),
            #"{"kind":"filters","width":2,"height":1,"filters":[[1.0,null],[0.0,-1.0]]}"#
        ),
        (
            .curve(x: [0], truth: [1], learned: [2]),
            #"{"kind":"curve","x":[0.0],"truth":[1.0],"learned":[2.0]}"#
        ),
        (
            .separation(points: [Picture.Point(x: 1, y: 2)], labels: [-1], weights: [1, 2, 3]),
            #"{"kind":"separation","points":[{"x":1.0,"y":2.0}],"labels":[-1],"weights":[1.0,2.0,3.0]}"#
        ),
        (
            .digits([Picture.Digit(pixels: [0, 255], label: 1, guess: 2, probability: 0.5)]),
            #"{"kind":"digits","digits":[{"pixels":"AP8=","label":1,"guess":2,"probability":0.5}]}"#
        ),
        (
            .words(languages: ["en"], [Picture.Word(word: "a", language: 0, probabilities: [1])]),
            #"{"kind":"words","languages":["en"],"words":[{"word":"a","language":0,"probabilities":[1.0]}]}"#
        ),
    ])
    func aPictureSaysItsKind(picture: Picture, text: String) {
        #expect(String(decoding: picture.json, as: UTF8.self) == text)
    }
}
