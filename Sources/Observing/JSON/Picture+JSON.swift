import Questions

extension Picture: JSONValue {
    /// What it shows, in a word.
    var kind: String {
        switch self {
        case .separation: "separation"
        case .curve: "curve"
        case .digits: "digits"
        case .words: "words"
        case .filters: "filters"
        case .attention: "attention"
        case .text: "text"
        case .line: "line"
        }
    }

    /// Writes an object with its `kind`; the pixels of a digit are base64.
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("kind", kind)
            switch self {
            case .separation(let points, let labels, let weights):
                json.field("points", points)
                json.field("labels", labels)
                json.field("weights", weights)
            case .curve(let x, let truth, let learned):
                json.field("x", x)
                json.field("truth", truth)
                json.field("learned", learned)
            case .digits(let digits):
                json.field("digits", digits)
            case .words(let languages, let words):
                json.field("languages", languages)
                json.field("words", words)
            case .filters(let width, let height, let filters):
                json.field("width", width)
                json.field("height", height)
                json.field("filters", filters)
            case .attention(let size, let weights, let labels):
                json.field("size", size)
                json.field("weights", weights)
                json.field("labels", ifPresent: labels)
            case .text(let text):
                json.field("text", text)
            case .line(let angle):
                json.field("angle", angle)
            }
        }
    }
}

extension Picture.Point: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("x", x)
            json.field("y", y)
        }
    }
}

extension Picture.Digit: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("pixels") { $0.append(base64: pixels) }
            json.field("label", label)
            json.field("guess", guess)
            json.field("probability", probability)
        }
    }
}

extension Picture.Word: JSONValue {
    func write(to json: inout JSONText) {
        json.object { json in
            json.field("word", word)
            json.field("language", language)
            json.field("probabilities", probabilities)
        }
    }
}
