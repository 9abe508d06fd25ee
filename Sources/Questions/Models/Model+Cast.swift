extension Model {
    /// This model as the type its question makes; another question's model is a broken invariant.
    func cast<Own: Model>(to type: Own.Type) -> Own {
        guard let own = self as? Own else { preconditionFailure("\(Self.self) is another question's model") }
        return own
    }
}
