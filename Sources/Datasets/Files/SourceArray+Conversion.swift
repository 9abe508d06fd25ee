import Diagnostics

extension SourceArray {
    /// The elements as float32, rounded to the nearest; in row-major order.
    ///
    /// - Throws: `Failure` of category data, if they are text.
    func floats() throws -> [Float] {
        if let plainFloats { return Array(plainFloats) }
        switch format.kind {
        case .bool, .unsigned: return collect { Float(unsigned($0)) }
        case .signed: return collect { Float(signed($0)) }
        case .float: return collect { Float(float($0)) }
        case .text: throw failure("its elements are \(format.name), not numbers")
        }
    }

    /// The elements as integers of 32 bits, in row-major order.
    ///
    /// - Throws: `Failure` of category data, if one is no integer or out of range.
    func int32s() throws -> [Int32] { try integers() }

    /// The elements as bytes, in row-major order.
    ///
    /// - Throws: `Failure` of category data, if one is no integer or out of range.
    func bytes() throws -> [UInt8] {
        if let plainBytes { return Array(plainBytes) }
        return try integers()
    }

    /// The elements as texts without the zeros that pad them, in row-major order.
    ///
    /// - Throws: `Failure` of category data, if they are numbers, or hold what is no character.
    func strings() throws -> [String] {
        guard format.kind == .text else { throw failure("its elements are \(format.name), not text") }
        return try collect { element in
            var scalars = (0..<format.byteCount / 4).map { index -> UInt32 in
                let word = element.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                return format.isBigEndian ? word.bigEndian : word.littleEndian
            }
            while scalars.last == 0 { scalars.removeLast() }
            var text = String.UnicodeScalarView()
            for value in scalars {
                guard let scalar = UnicodeScalar(value) else { throw failure("\(value) is no Unicode character") }
                text.append(scalar)
            }
            return String(text)
        }
    }

    private func integers<Number: FixedWidthInteger>() throws -> [Number] {
        func inRange(_ number: Number?, _ text: @autoclosure () -> String) throws -> Number {
            guard let number else {
                throw failure("its element \(text()) is no integer of \(Number.min) to \(Number.max)")
            }
            return number
        }
        switch format.kind {
        case .bool, .unsigned:
            return try collect {
                let value = unsigned($0)
                return try inRange(Number(exactly: value), "\(value)")
            }
        case .signed:
            return try collect {
                let value = signed($0)
                return try inRange(Number(exactly: value), "\(value)")
            }
        case .float:
            return try collect {
                let value = float($0)
                return try inRange(Number(exactly: value), "\(value)")
            }
        case .text: throw failure("its elements are \(format.name), not numbers")
        }
    }

    private func collect<Value>(_ convert: (UnsafeRawPointer) throws -> Value) rethrows -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        try forEachElement { values.append(try convert($0)) }
        return values
    }

    private func load<Number: FixedWidthInteger>(_ element: UnsafeRawPointer, _ type: Number.Type) -> Number {
        let number = element.loadUnaligned(as: type)
        return format.isBigEndian ? number.bigEndian : number.littleEndian
    }

    private func unsigned(_ element: UnsafeRawPointer) -> UInt64 {
        switch format.byteCount {
        case 1: UInt64(load(element, UInt8.self))
        case 2: UInt64(load(element, UInt16.self))
        case 4: UInt64(load(element, UInt32.self))
        default: load(element, UInt64.self)
        }
    }

    private func signed(_ element: UnsafeRawPointer) -> Int64 {
        switch format.byteCount {
        case 1: Int64(load(element, Int8.self))
        case 2: Int64(load(element, Int16.self))
        case 4: Int64(load(element, Int32.self))
        default: load(element, Int64.self)
        }
    }

    private func float(_ element: UnsafeRawPointer) -> Double {
        switch format.byteCount {
        case 2: Double(halfPrecision: load(element, UInt16.self))
        case 4: Double(Float(bitPattern: load(element, UInt32.self)))
        default: Double(bitPattern: load(element, UInt64.self))
        }
    }
}

extension Double {
    /// The number that 16 bits of IEEE 754 half precision stand for; exact.
    ///
    /// By arithmetic, because processors without half precision would call a conversion routine that may be missing.
    fileprivate init(halfPrecision bits: UInt16) {
        let exponent = Int(bits >> 10 & 31)
        let fraction = Double(bits & 1023) / 1024
        let magnitude: Double =
            switch exponent {
            case 0: fraction * 0x1p-14
            case 31: fraction == 0 ? .infinity : .nan
            default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
            }
        self = bits & 0x8000 == 0 ? magnitude : -magnitude
    }
}
