import Testing

@testable import Postgres

@Suite struct DatabaseURLTests {
  @Test func aPlainURLIsTakenApart() throws {
    let url = try DatabaseURL("postgresql://me:secret@db.example:6432/app")
    #expect(url.endpoints == [.init(host: "db.example", port: "6432")])
    #expect(url.settings == ["user": "me", "password": "secret", "dbname": "app"])
    #expect(url.schema == nil)
    #expect(url.connectTimeout == .seconds(10))
  }

  @Test func prismasParametersAreUnderstoodOrLeftOut() throws {
    let url = try DatabaseURL(
      """
      postgres://me:s@h/app?schema=public&connection_limit=5&pgbouncer=true&pool_timeout=0&connect_timeout=30\
      &socket_timeout=1&statement_cache_size=0&max_connection_lifetime=1&max_idle_connection_lifetime=1\
      &single_use_connections=true&sslidentity=client.p12&sslmode=require&sslaccept=accept_invalid_certs
      """)
    #expect(url.schema == "public")
    #expect(url.connectTimeout == .seconds(30))
    #expect(url.settings == ["user": "me", "password": "s", "dbname": "app", "sslmode": "require"])
  }

  @Test func prismasStrictCertificatesAreVerifiedInFull() throws {
    let url = try DatabaseURL("postgres://h/app?sslmode=require&sslaccept=strict&sslcert=/etc/ca.pem")
    #expect(url.settings["sslmode"] == "verify-full")
    #expect(url.settings["sslrootcert"] == "/etc/ca.pem")
    #expect(url.settings["sslcert"] == nil)
    #expect(try DatabaseURL("postgres://h/app?sslaccept=strict").settings["sslmode"] == "verify-full")
    #expect(try DatabaseURL("postgres://h?sslaccept=strict&sslmode=disable").settings["sslmode"] == "disable")
  }

  @Test func libpqsClientCertificateStaysItsOwn() throws {
    let url = try DatabaseURL("postgres://h/app?sslcert=me.pem&sslkey=me.key&sslrootcert=ca.pem")
    #expect(
      url.settings == ["dbname": "app", "sslcert": "me.pem", "sslkey": "me.key", "sslrootcert": "ca.pem"])
  }

  @Test func publicAuthoritiesAreForFullVerificationAlone() throws {
    func root(_ parameters: String, _ own: String? = nil) throws -> String? {
      try DatabaseURL("postgres://h/app\(parameters)", rootCertificate: own, publicAuthorities: "/public.pem")
        .settings["sslrootcert"]
    }
    #expect(try root("?sslmode=verify-full") == "/public.pem")
    #expect(try root("?sslaccept=strict") == "/public.pem")
    #expect(try root("?sslmode=verify-full&sslrootcert=own.pem") == "own.pem")
    #expect(try root("?sslmode=verify-full", "/own.pem") == "/own.pem")
    #expect(try root("?sslmode=verify-ca") == nil)
    #expect(try root("") == nil)
  }

  @Test func aRootCertificateAsksForFullVerificationUnlessTheURLSaysOtherwise() throws {
    let url = try DatabaseURL("postgres://h/app?sslrootcert=old.pem", rootCertificate: "/ca.pem")
    #expect(url.settings["sslrootcert"] == "/ca.pem")
    #expect(url.settings["sslmode"] == "verify-full")
    let explicit = try DatabaseURL("postgres://h/app?sslmode=verify-ca", rootCertificate: "/ca.pem")
    #expect(explicit.settings["sslmode"] == "verify-ca")
  }

  @Test func libpqsOwnParametersAreKept() throws {
    let url = try DatabaseURL(
      "postgres://h/app?application_name=x&options=endpoint%3Dabc&target_session_attrs=read-write&ssl=true")
    #expect(
      url.settings == [
        "dbname": "app", "application_name": "x", "options": "endpoint=abc",
        "target_session_attrs": "read-write", "sslmode": "require",
      ])
    #expect(try DatabaseURL("postgres://h?connect_timeout=0").connectTimeout == nil)
  }

  @Test func severalHostsHaveAPortEachOrOneForAll() throws {
    let each = try DatabaseURL("postgres://a:1,b,[::1]:3/app")
    #expect(
      each.endpoints == [.init(host: "a", port: "1"), .init(host: "b"), .init(host: "::1", port: "3")])
    let one = try DatabaseURL("postgres:///app?host=a,b&port=7")
    #expect(one.endpoints == [.init(host: "a", port: "7"), .init(host: "b", port: "7")])
    let addresses = try DatabaseURL("postgres://a,b/app?hostaddr=10.0.0.1,10.0.0.2")
    #expect(
      addresses.endpoints == [.init(host: "a", address: "10.0.0.1"), .init(host: "b", address: "10.0.0.2")])
  }

  @Test func unixSocketsAreNamedByParameterOrPercentEncoded() throws {
    #expect(
      try DatabaseURL("postgres://me@localhost/app?host=/var/run/postgresql").endpoints == [
        .init(host: "/var/run/postgresql")
      ])
    #expect(try DatabaseURL("postgres://%2Ftmp%2Fpg/app").endpoints == [.init(host: "/tmp/pg")])
  }

  @Test func percentEncodingIsDecodedAndAnAtSignInThePasswordNeedsNone() throws {
    let url = try DatabaseURL("postgres://m%C3%A9:p%40%2F%3A%25@ss:@h/my%2Fdb\n")
    #expect(url.settings == ["user": "mé", "password": "p@/:%@ss:", "dbname": "my/db"])
  }

  @Test func everythingMayBeLeftOut() throws {
    let url = try DatabaseURL("postgresql://")
    #expect(url.endpoints == [.init()])
    #expect(url.settings == [:])
  }

  @Test(arguments: [
    ("", DatabaseURLError.Code.empty), (" \n", .empty), ("mysql://u:hunter2@h/d", .notPostgres),
    ("hunter2", .notPostgres), ("postgres://u:hun#ter2@h/d", .unescaped),
    ("postgres://u:12/hunter2@h/d", .unescaped), ("postgres://u:12?hunter2@h/d", .unescaped),
    ("postgres://u:hunter2/x@h/d", .unescaped), ("postgres://h/d/hunter2", .unescaped),
    ("postgres://u:hunter2%zz@h/d", .invalidPercentEncoding),
    ("postgres://u:hunter2%2@h", .invalidPercentEncoding),
    ("postgres://u:hunter2%00@h", .invalidPercentEncoding),
    ("postgres://u:hunter2%FF@h", .invalidPercentEncoding),
    ("postgres://u:hunter2@[::1/d", .invalidHost), ("postgres://u:hunter2@[::1]x/d", .invalidHost),
    ("postgres://u:hunter2", .invalidPort), ("postgres://u:hunter2@h:0/d", .invalidPort),
    ("postgres://u:hunter2@h:65536", .invalidPort), ("postgres://a,b,c/?port=1,2", .mismatchedLists),
    ("postgres://u:hunter2@h/d?sslmode", .parameterWithoutValue),
    ("postgres://u:hunter2@h/d?sslmod=verify-full", .unknownParameter),
    ("postgres://u:1?hunt-er2=x", .unknownParameter), ("postgres://h&password=hunter2", .misplacedParameters),
    ("postgres://h/d&password=hunter2", .misplacedParameters),
    ("postgres://u:hunter2@h/d?connect_timeout=soon", .invalidConnectTimeout),
  ])
  func aBadURLIsAnErrorThatQuotesNothingOfIt(_ text: String, _ code: DatabaseURLError.Code) throws {
    let error = try #require(throws: DatabaseURLError.self) { try DatabaseURL(text) }
    #expect(error.code == code)
    for printed in ["\(error)", String(reflecting: error)] {
      #expect(!printed.contains("hunter2"))
      #expect(!printed.contains("hunt-er2"))
    }
  }

  @Test func anUnknownParameterIsNamed() throws {
    let error = try #require(throws: DatabaseURLError.self) { try DatabaseURL("postgres://h?sslmod=require") }
    #expect(error.parameter == "sslmod")
    #expect(
      error.description
        == "the database URL has an unknown parameter “sslmod”; remove it, or check its spelling")
  }

  @Test func noWayOfPrintingAURLShowsItsPassword() throws {
    let url = try DatabaseURL(
      "postgres://me:hunter2@h1:5432,[::1]/app?schema=public&sslmode=require&sslpassword=hunter2")
    var dumped = ""
    dump(url, to: &dumped)
    dump([url], to: &dumped)
    for printed in ["\(url)", String(reflecting: url), "\(Optional(url) as Any)", "\([url])", dumped] {
      #expect(!printed.contains("hunter2"))
    }
    #expect(url.description == "postgresql://me@h1:5432,[::1]/app?schema=public&sslmode=require")
  }
}
