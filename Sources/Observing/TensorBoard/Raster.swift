import CZlib

/// A picture of pixels in red, green and blue, which can be written as PNG.
struct Raster: Equatable {
    /// A colour.
    struct Colour: Equatable {
        let red: UInt8
        let green: UInt8
        let blue: UInt8

        /// A shade of grey.
        static func grey(_ value: UInt8) -> Colour { Colour(red: value, green: value, blue: value) }
    }

    /// Columns.
    let width: Int
    /// Rows.
    let height: Int
    private var pixels: [UInt8]

    /// Creates a picture of one colour.
    init(width: Int, height: Int, _ colour: Colour) {
        self.width = width
        self.height = height
        pixels = []
        pixels.reserveCapacity(width * height * 3)
        for _ in 0..<width * height { pixels += [colour.red, colour.green, colour.blue] }
    }

    /// The colour at a place.
    subscript(x: Int, y: Int) -> Colour {
        get {
            let place = (y * width + x) * 3
            return Colour(red: pixels[place], green: pixels[place + 1], blue: pixels[place + 2])
        }
        set {
            let place = (y * width + x) * 3
            pixels[place] = newValue.red
            pixels[place + 1] = newValue.green
            pixels[place + 2] = newValue.blue
        }
    }

    /// The picture as a PNG file: eight bits a colour, no filter, not interlaced.
    ///
    /// Source: the PNG specification (W3C, third edition).
    func png() -> [UInt8] {
        var header = bigEndian(width) + bigEndian(height)
        header += [8, 2, 0, 0, 0]
        var rows: [UInt8] = []
        rows.reserveCapacity(pixels.count + height)
        for row in 0..<height {
            rows.append(0)  // no filter
            rows += pixels[row * width * 3..<(row + 1) * width * 3]
        }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        for (type, content) in [("IHDR", header), ("IDAT", Self.deflated(rows)), ("IEND", [])] {
            let checked = Array(type.utf8) + content
            file += bigEndian(content.count)
            file += checked
            file += bigEndian(Int(crc32(0, checked, uInt(checked.count))))
        }
        return file
    }

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(size))
        let status = compress2(&result, &size, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION)
        precondition(status == Z_OK, "zlib cannot compress into as much room as it asked for")
        return Array(result.prefix(Int(size)))
    }

    private func bigEndian(_ value: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian, Array.init)
    }
}
