/// The version of this build; coordinator and workers must have the same.
public enum Version {
    /// The version, as semantic versioning counts.
    public static let current = "0.1.0"
}
