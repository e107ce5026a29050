import Postgres

extension Target {
  /// The database URL: read, or refused; the password is in no description.
  static let databaseURL = Target(
    name: "database-url",
    seeds: {
      [
        "postgresql://me:secret@db.example:6432/app?schema=public", "postgres://a:1,b,[::1]:3/app",
        "postgres://h/app?sslmode=require&sslaccept=strict&sslcert=/etc/ca.pem", "postgres://%2Ftmp%2Fpg/app",
        "postgres:///app?host=a,b&port=7&connect_timeout=0",
        "postgres://m%C3%A9:p%40%2F%3A%25@ss:@h/my%2Fdb\n",
        "postgres://a,b/app?hostaddr=10.0.0.1,10.0.0.2&application_name=x",
      ].map { Array($0.utf8) }
    },
    words: [
      "postgresql://", "postgres://", "@", ":", "/", "?", "&", "=", ",", "[", "]", "#", "%00", "%2F", "%",
      "host=",
      "hostaddr=", "port=", "user=", "?password=Zq9secret", ":Zq9secret@", "sslmode=", "connect_timeout=",
      "schema=",
      "pgbouncer=true", "65536", "options=",
    ]
  ) { bytes in
    let secret = "Zq9secret"
    let text = String(decoding: bytes, as: UTF8.self)
    let places = [":\(secret)@", "?password=\(secret)"]
    let isPassword =
      text.split(separator: secret, omittingEmptySubsequences: false).count == 2
      && text.utf8.count { $0 == UInt8(ascii: "?") } == 1 && places.contains { text.contains($0) }
    var shown: String
    do {
      let url = try DatabaseURL(text)
      shown = url.description + url.debugDescription
      dump(url, to: &shown)
    } catch let error as DatabaseURLError {
      shown = "\(error)"
    }
    expect(!isPassword || !shown.contains(secret), "the password is shown: \(shown)")
  }
}
