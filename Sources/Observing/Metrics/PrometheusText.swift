/// Writes the text format of Prometheus (`text/plain; version=0.0.4`).
///
/// Source: the Prometheus documentation, "Exposition formats".
struct PrometheusText {
    /// What a family of metrics is.
    enum Kind: String { case counter, gauge, histogram }

    /// A label with its value.
    typealias Label = (name: String, value: String)

    /// What was written so far.
    private(set) var text = ""

    /// Begins a family of metrics.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Writes a value of the family begun last.
    mutating func add(_ name: String, _ labels: [Label] = [], _ value: Double) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
        }
        text += " \(Self.number(value))\n"
    }

    /// Writes the buckets, sum and count of a histogram.
    mutating func add(_ name: String, _ labels: [Label], _ histogram: Histogram) {
        var total = 0
        for (bound, count) in zip(Histogram.bounds + [.infinity], histogram.counts) {
            total += count
            add("\(name)_bucket", labels + [("le", Self.number(bound))], Double(total))
        }
        add("\(name)_sum", labels, histogram.sum)
        add("\(name)_count", labels, Double(total))
    }

    /// A number; whole ones without a fraction.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value.magnitude < 1e15 && value == value.rounded() ? String(Int(value)) : "\(value)"
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
