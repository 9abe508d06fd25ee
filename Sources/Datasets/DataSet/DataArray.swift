/// An immutable array of numbers: a shape, a type, and bytes in row-major order.
///
/// Copies share memory. The buffers that the accessors return are valid as long as the array or a copy of it lives, so
/// keep it in a property or variable beside them: `try data["x"].floats` is valid only while `data` is. Reading from
/// several threads is safe.
public struct DataArray: Sendable {
    /// The extent of every axis.
    public let shape: [Int]
    /// The type of the elements.
    public let elementType: ElementType
    /// The number of elements.
    public let count: Int
    private let memory: DataMemory
    private let offset: Int

    /// Takes part of a memory; shape, type and offset must lie within it.
    init(_ memory: DataMemory, offset: Int = 0, shape: [Int], elementType: ElementType) {
        count = shape.reduce(1, *)
        precondition(shape.allSatisfy { $0 >= 0 } && offset >= 0)
        precondition(count * elementType.byteCount <= memory.byteCount - offset)
        precondition(offset % elementType.byteCount == 0, "misaligned array")
        self.shape = shape
        self.elementType = elementType
        self.memory = memory
        self.offset = offset
    }

    /// Copies numbers; as many as the shape holds.
    public init(_ values: [Float], shape: [Int]) {
        self.init(copying: values, shape: shape, elementType: .float32)
    }

    /// Copies integers; as many as the shape holds.
    public init(_ values: [Int32], shape: [Int]) {
        self.init(copying: values, shape: shape, elementType: .int32)
    }

    /// Copies bytes; as many as the shape holds.
    public init(_ values: [UInt8], shape: [Int]) {
        self.init(copying: values, shape: shape, elementType: .uint8)
    }

    private init<Element: BitwiseCopyable>(copying values: [Element], shape: [Int], elementType: ElementType) {
        precondition(values.count == shape.reduce(1, *), "\(values.count) values for the shape \(shape)")
        let memory = values.withUnsafeBytes { source in
            DataMemory(byteCount: source.count) { $0.copyMemory(from: source) }
        }
        self.init(memory, shape: shape, elementType: elementType)
    }

    /// The first rows (elements of the first axis), which share the memory of this array; all of them if there are fewer.
    public func prefix(_ rows: Int) -> DataArray {
        precondition(!shape.isEmpty && rows >= 0)
        return DataArray(
            memory, offset: offset, shape: [min(rows, shape[0])] + shape.dropFirst(), elementType: elementType)
    }

    /// The elements as float32; the element type must be that.
    public var floats: UnsafeBufferPointer<Float> { elements(.float32) }

    /// The elements as integers of 32 bits; the element type must be that.
    public var int32s: UnsafeBufferPointer<Int32> { elements(.int32) }

    /// The elements as bytes; the element type must be that.
    public var bytes: UnsafeBufferPointer<UInt8> { elements(.uint8) }

    /// The memory of the elements, whatever their type.
    public var rawBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: memory.pointer + offset, count: count * elementType.byteCount)
    }

    private func elements<Element>(_ type: ElementType) -> UnsafeBufferPointer<Element> {
        precondition(elementType == type, "elements are \(elementType.rawValue), not \(type.rawValue)")
        let start = (memory.pointer + offset).assumingMemoryBound(to: Element.self)
        return UnsafeBufferPointer(start: start, count: count)
    }
}
