import DashboardPage

/// The page that shows a run.
enum StaticPage {
    /// What stands in the page for a state, between its script's tags.
    private static let start = Array("<script id=\"state\" type=\"application/json\">".utf8)
    private static let placeholder = Array("null".utf8)

    /// The page as it is served: it asks for the state.
    static let bytes = Array(UnsafeBufferPointer(start: dashboard_page, count: dashboard_page_size))

    /// The page with a state of its own, which needs no server.
    static func bytes(showing state: RunState) -> [UInt8] {
        guard let place = bytes.firstRange(of: start + placeholder) else {
            preconditionFailure("the page has no place for a state")
        }
        let end = place.lowerBound + start.count
        return bytes[..<end] + state.json + bytes[(end + placeholder.count)...]
    }
}
