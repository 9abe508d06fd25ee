import Diagnostics

/// An array as a file holds it: any element format, byte order and axis order, converted when it is asked for.
///
/// Copies share memory; reading from several threads is safe.
struct SourceArray: Sendable {
    /// The extent of every axis.
    let shape: [Int]
    /// How the elements are written.
    let format: ElementFormat
    /// The number of elements.
    let count: Int
    /// Where it came from, for messages: file and entry.
    let place: String
    /// Whether the first axis varies fastest.
    private let isColumnMajor: Bool
    private let memory: DataMemory
    private let offset: Int

    /// Takes the elements in a memory from an offset on; they must lie within it.
    init(
        _ memory: DataMemory, offset: Int, shape: [Int], format: ElementFormat, isColumnMajor: Bool = false,
        place: String
    ) {
        count = shape.reduce(1, *)
        precondition(offset >= 0 && count * format.byteCount <= memory.byteCount - offset)
        self.shape = shape
        self.format = format
        self.isColumnMajor = isColumnMajor && shape.count > 1
        self.place = place
        self.memory = memory
        self.offset = offset
    }

    /// The elements as they lie in the file, if they are float32 in row-major order and this machine's byte order.
    var plainFloats: UnsafeBufferPointer<Float>? {
        plain(.float, Float.self)
    }

    /// The elements as they lie in the file, if they are bytes in row-major order.
    var plainBytes: UnsafeBufferPointer<UInt8>? {
        plain(.unsigned, UInt8.self)
    }

    private func plain<Element>(_ kind: ElementFormat.Kind, _ type: Element.Type) -> UnsafeBufferPointer<Element>? {
        let size = MemoryLayout<Element>.size
        guard format.kind == kind, format.byteCount == size, size == 1 || !format.isBigEndian, !isColumnMajor,
            Int(bitPattern: memory.pointer + offset) % size == 0
        else { return nil }
        return UnsafeBufferPointer(start: (memory.pointer + offset).assumingMemoryBound(to: type), count: count)
    }

    /// Calls `body` with the address of every element in row-major order.
    func forEachElement(_ body: (UnsafeRawPointer) throws -> Void) rethrows {
        guard count > 0 else { return }
        let start = memory.pointer + offset
        guard isColumnMajor else {
            for index in 0..<count { try body(start + index * format.byteCount) }
            return
        }
        var steps = [Int](repeating: format.byteCount, count: shape.count)
        for axis in 1..<shape.count { steps[axis] = steps[axis - 1] * shape[axis - 1] }
        var position = [Int](repeating: 0, count: shape.count)
        var address = 0
        for _ in 0..<count {
            try body(start + address)
            for axis in stride(from: shape.count - 1, through: 0, by: -1) {
                position[axis] += 1
                address += steps[axis]
                if position[axis] < shape[axis] { break }
                address -= position[axis] * steps[axis]
                position[axis] = 0
            }
        }
    }

    /// The failure of an array that cannot be used as it is.
    func failure(_ cause: String) -> Failure {
        Failure(.data, "cannot use data file", at: place, because: cause, remedy: "fetch it again")
    }
}
