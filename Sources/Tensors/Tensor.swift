/// Float32 values of a shape: a view into a storage, with an offset and a stride for each axis.
///
/// Copying a tensor copies the view, not the values.
public struct Tensor {
    /// The memory the values lie in.
    public let storage: Storage
    /// The index of the first value in the storage.
    public let offset: Int
    /// The extents.
    public let shape: Shape
    /// The distance, in elements, between neighbours along each axis; 0 along a broadcast axis.
    public let strides: [Int]

    /// A view with the given layout.
    public init(storage: Storage, offset: Int, shape: Shape, strides: [Int]) {
        precondition(shape.rank == strides.count)
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.strides = strides
    }

    /// A contiguous view into a storage.
    public init(storage: Storage, offset: Int = 0, shape: Shape) {
        precondition(offset >= 0 && offset + shape.count <= storage.count, "a view outside its storage")
        self.init(storage: storage, offset: offset, shape: shape, strides: shape.contiguousStrides)
    }

    /// A tensor of zeros in memory of its own.
    public init(zeros shape: Shape) {
        self.init(storage: Storage(count: shape.count), shape: shape)
    }

    /// A tensor that holds one value everywhere.
    public init(repeating value: Float, shape: Shape) {
        self.init(zeros: shape)
        pointer.update(repeating: value, count: shape.count)
    }

    /// A tensor of the given values in row-major order.
    public init(_ values: [Float], shape: Shape) {
        precondition(values.count == shape.count, "\(values.count) values for shape \(shape)")
        self.init(zeros: shape)
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { pointer.update(from: base, count: values.count) }
        }
    }

    /// A scalar.
    public init(_ value: Float) {
        self.init([value], shape: [])
    }

    /// The first value; valid until the storage is rebound or freed.
    public var pointer: UnsafeMutablePointer<Float> { storage.pointer + offset }

    /// The number of elements.
    public var count: Int { shape.count }

    /// Whether the elements lie one behind another in row-major order.
    public var isContiguous: Bool {
        var expected = 1
        for axis in stride(from: shape.rank - 1, through: 0, by: -1) where shape.dimensions[axis] != 1 {
            guard strides[axis] == expected else { return false }
            expected *= shape.dimensions[axis]
        }
        return true
    }

    /// The values in row-major order, copied.
    public var values: [Float] {
        if isContiguous { return Array(UnsafeBufferPointer(start: pointer, count: count)) }
        var result: [Float] = []
        result.reserveCapacity(count)
        forEachOffset { result.append(pointer[$0]) }
        return result
    }

    /// The value of a tensor of one element.
    public var item: Float {
        precondition(count == 1, "item of a tensor of shape \(shape)")
        return pointer[0]
    }

    /// Calls `body` with the offset of every element from `pointer`, in row-major order.
    public func forEachOffset(_ body: (Int) -> Void) {
        guard count > 0 else { return }
        guard shape.rank > 0 else { return body(0) }
        var index = [Int](repeating: 0, count: shape.rank)
        var position = 0
        let last = shape.rank - 1
        while true {
            for step in 0..<shape.dimensions[last] { body(position + step * strides[last]) }
            var axis = last - 1
            while axis >= 0 {
                index[axis] += 1
                position += strides[axis]
                if index[axis] < shape.dimensions[axis] { break }
                position -= index[axis] * strides[axis]
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}
