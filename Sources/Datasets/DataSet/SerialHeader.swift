import Diagnostics
import FoundationEssentials

/// The JSON header of the serial form, as in the safetensors format (huggingface/safetensors, README, "Format").
struct SerialHeader {
    /// What the header says about one array.
    struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let dataOffsets: [Int]

        private enum CodingKeys: String, CodingKey {
            case dtype
            case shape
            case dataOffsets = "data_offsets"
        }
    }

    /// The largest header that is read.
    static let maximumByteCount = 1 << 20

    let metadata: [String: String]
    let entries: [String: Entry]
}

extension SerialHeader: Decodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        var metadata: [String: String] = [:]
        var entries: [String: Entry] = [:]
        for key in container.allKeys {
            if key.stringValue == "__metadata__" {
                metadata = try container.decode([String: String].self, forKey: key)
            } else {
                entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
            }
        }
        self.metadata = metadata
        self.entries = entries
    }
}

extension DataSet {
    /// The arrays in the order in which the serial form holds them: wide elements first, so that all are aligned.
    var serialOrder: [(name: String, array: DataArray)] {
        arrays.sorted { ($1.value.elementType.byteCount, $0.key) < ($0.value.elementType.byteCount, $1.key) }
            .map { (name: $0.key, array: $0.value) }
    }

    /// The header of the serial form.
    func serialHeader() -> [UInt8] {
        SerialHeader.bytes(
            metadata: [("source", source), ("sourceSHA256", sourceSHA256), ("synthetic", "\(isSynthetic)")],
            arrays: serialOrder)
    }
}

extension SerialHeader {
    /// A header with its length before it: JSON padded by spaces to a multiple of 64 bytes in all.
    ///
    /// - Parameters:
    ///   - metadata: what is said beside the arrays, in order.
    ///   - arrays: the arrays in the order in which their bytes follow.
    static func bytes(metadata: [(key: String, text: String)], arrays: [(name: String, array: DataArray)]) -> [UInt8] {
        var json = "{\"__metadata__\":{"
        json += metadata.map { "\(quoted($0.key)):\(quoted($0.text))" }.joined(separator: ",") + "}"
        var offset = 0
        for (name, array) in arrays {
            let shape = array.shape.map(String.init).joined(separator: ",")
            let end = offset + array.rawBytes.count
            json += ",\(quoted(name)):{\"dtype\":\"\(array.elementType.rawValue)\",\"shape\":[\(shape)],"
            json += "\"data_offsets\":[\(offset),\(end)]}"
            offset = end
        }
        json += "}"
        var body = Array(json.utf8)
        body += [UInt8](repeating: 0x20, count: (64 - (8 + body.count) % 64) % 64)
        return withUnsafeBytes(of: UInt64(body.count).littleEndian, Array.init) + body
    }

    /// A text as a JSON string.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
