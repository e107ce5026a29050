import Cryptography
import SkillsCore

extension Target {
  /// The webhook: lines `name: value` of a header, an empty line, the body.
  ///
  /// The header `x-signed` stands for the right signature, which libFuzzer can't come upon.
  static let webhook = Target(
    name: "webhook",
    seeds: {
      let signatures = ["x-signed: yes", "x-hub-signature-256: sha256=00"]
      let bodies = try repositoryFiles(below: "Events/git-to-skills", suffix: ".json").compactMap { path in
        guard let event = try? ImportEvent(repositoryFile(path)), case .http(let request) = event else {
          return nil as [UInt8]?
        }
        return request.body
      }
      return bodies.flatMap { body in
        signatures.map { Array("x-github-event: push\n\($0)\n\n".utf8) + body }
      }
    },
    words: Target.jsonWords + [
      "x-signed: yes\n", "x-github-event: ping\n", "x-github-event: push\n", "x-hub-signature-256: sha256=",
      "content-type: application/x-www-form-urlencoded\n", "\n\n", "refs/heads/main", "\"deleted\":true",
      "example/skills", "full_name",
    ]
  ) { input in
    var headers: [String: [String]] = [:]
    var rest = input[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      rest = rest[(end + 1)...]
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { break }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      headers[name, default: []].append(
        String(decoding: line[(colon + 1)...].drop { $0 == 0x20 }, as: UTF8.self))
    }
    let body = Array(rest)
    let signature = "sha256=" + hexadecimal(hmacSHA256(body, key: Array("secret".utf8)))
    if headers["x-signed"] != nil { headers["x-hub-signature-256"] = [signature] }
    let isSigned = headers["x-hub-signature-256"] == [signature]

    let request = HTTPRequest(headers: headers, body: body)
    for secrets in [["secret"], ["other", "secret"]] {
      let outcome = Webhook(request, secrets: secrets, repository: "example/skills", branch: "main")
      if case .refused(let status, let reason) = outcome {
        expect((400..<500).contains(status) && !reason.isEmpty, "refused with \(status): \(reason)")
        expect(isSigned || status == 401, "without a signature \(status): the body was looked at")
      } else {
        expect(isSigned, "taken without a signature")
      }
    }
    for secrets in [[], [""], ["other"]] {
      let outcome = Webhook(request, secrets: secrets, repository: "example/skills", branch: "main")
      guard case .refused(status: 401, _) = outcome else { fatalError("taken with the secrets \(secrets)") }
    }
  }
}
