/// Numbers as people read them; the same in every locale.
public enum Decimals {
    /// A number with a fixed count of decimal places; `-` if it is not finite or beyond 10¹⁵.
    public static func text(_ value: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled.isFinite, scaled.magnitude < 1e15 else { return "-" }
        let digits = String(Int(scaled.magnitude))
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let sign = scaled < 0 ? "-" : ""
        return places == 0 ? sign + padded : "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
    }

    /// A whole number with commas between groups of three digits.
    public static func grouped(_ value: Double) -> String {
        var digits = text(value.magnitude, places: 0)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// A fraction in per cent, with two places.
    public static func percent(_ fraction: Double) -> String { text(fraction * 100, places: 2) + " %" }

    /// A time in minutes and seconds, or hours, minutes and seconds: `2:05`, `1:00:00`; `-` if it is not finite.
    public static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "-" }
        let whole = Int(seconds.rounded())
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let minutes = "\(whole / 60 % 60):\(two(whole % 60))"
        return whole < 3600 ? minutes : "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }
}
