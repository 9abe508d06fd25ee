import Diagnostics

/// Turns images into bytes where no information is lost.
enum PixelConversion {
    /// The images as bytes, if each is k/255 to within the rounding of float32 or they are bytes; else as float32.
    ///
    /// - Throws: `Failure` of category data, if there is no image, or a number is not in 0...1.
    static func array(_ images: SourceArray) throws -> DataArray {
        guard images.count > 0 else { throw images.failure("it holds no image") }
        if images.format.kind == .unsigned { return DataArray(try images.bytes(), shape: images.shape) }
        if let floats = images.plainFloats { return try array(floats, images) }
        return try images.floats().withUnsafeBufferPointer { try array($0, images) }
    }

    private static func array(_ floats: UnsafeBufferPointer<Float>, _ images: SourceArray) throws -> DataArray {
        var isExact = false
        let memory = DataMemory(byteCount: floats.count) { isExact = quantize(floats, into: $0) }
        if isExact { return DataArray(memory, shape: images.shape, elementType: .uint8) }
        if let wrong = floats.first(where: { !($0 >= 0 && $0 <= 1) }) {
            throw images.failure("its pixel \(wrong) is not in 0...1")
        }
        return DataArray(Array(floats), shape: images.shape)
    }

    /// Writes the nearest k of each k/255, and returns whether each was one; without branches, so that it vectorises.
    private static func quantize(
        _ source: UnsafeBufferPointer<Float>, into target: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard let floats = source.baseAddress, let bytes = target.baseAddress else { return true }
        // Added to a number from 0 to 2²³, it leaves the rounded integer in the low bits.
        let shift: Float = 0x1p23
        var mismatches: UInt32 = 0
        for index in 0..<source.count {
            let value = floats[index]
            let integer = (value * 255 + shift).bitPattern &- shift.bitPattern
            let error = (Float(Int32(truncatingIfNeeded: integer)) / 255 - value).magnitude
            mismatches |= (error <= 0x1p-23 ? 0 : 1) | (integer & ~255)
            bytes.storeBytes(of: UInt8(truncatingIfNeeded: integer), toByteOffset: index, as: UInt8.self)
        }
        return mismatches == 0
    }
}
