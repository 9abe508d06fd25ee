/// How many of the leading rows of variables are in use, where that changes from replay to replay.
///
/// Such variables have room for the most rows there may be. Rows behind those in use hold anything, and no operation
/// that takes such variables reads them. Not thread-safe.
public final class RowCount {
    /// The rows in use.
    public internal(set) var value: Int

    init(_ value: Int) { self.value = value }
}
