import CMicroHTTPD

/// The version of libmicrohttpd that is loaded.
public func microHTTPDVersion() -> String { String(cString: MHD_get_version()) }
