import Git
import Postgres
import SkillsCore

extension Settings {
  /// Reads and validates all settings at once.
  ///
  /// - Parameters:
  ///   - environment: the process's variables.
  ///   - needs: what the command can't do without.
  /// - Throws: a `SettingsError` that names every variable at fault; never a secret's value.
  public init(environment: [String: String], needs: Set<Need>) throws(SettingsError) {
    self.init()
    var reader = Reader(environment: environment)
    let isLambda = environment["AWS_LAMBDA_RUNTIME_API"] != nil

    if let text = reader.text("GITHUB_BRANCH") {
      reader.check(
        isBranchName(text),
        "GITHUB_BRANCH isn't a branch name: see https://git-scm.com/docs/git-check-ref-format")
      // What is wrong with it is said once; the repository is looked at all the same.
      branch = isBranchName(text) ? text : branch
    }
    if let text = reader.text("SKILLS_DIRECTORY") {
      skillsDirectory = text.hasSuffix("/") ? String(text.dropLast()) : text
      reader.check(
        isFolder(skillsDirectory),
        "SKILLS_DIRECTORY must be a folder's path inside the repository, as `skills`")
    }
    skillsTable = reader.text("SKILLS_TABLE") ?? skillsTable
    conflictPolicy = reader.choice("CONFLICT_POLICY") ?? conflictPolicy
    deletePolicy = reader.choice("GIT_DELETE_POLICY") ?? deletePolicy
    direction = reader.choice("SYNC_DIRECTION") ?? direction
    authorEmails = reader.choice("AUTHOR_EMAILS") ?? authorEmails
    logLevel = reader.choice("LOG_LEVEL") ?? logLevel
    batchSize = reader.number("SYNC_BATCH_SIZE", in: 1...100_000) ?? batchSize
    pushInterval = reader.number("PUSH_INTERVAL", in: 0...3_600) ?? pushInterval
    workDirectory = reader.text("WORK_DIRECTORY") ?? workDirectory
    reader.check(workDirectory.hasPrefix("/"), "WORK_DIRECTORY must be an absolute path")
    committer.name = reader.text("COMMITTER_NAME") ?? committer.name
    committer.email = reader.text("COMMITTER_EMAIL") ?? committer.email
    for text in [committer.name, committer.email] {
      reader.check(
        !text.contains { "<>\n\r\0".contains($0) },
        "COMMITTER_NAME and COMMITTER_EMAIL can't have < > or line breaks")
    }

    webhookSecrets = ["GITHUB_WEBHOOK_SECRET", "GITHUB_WEBHOOK_SECRET_PREVIOUS"].compactMap {
      reader.secret($0)
    }
    if needs.contains(.webhookSecret), reader.environment["GITHUB_WEBHOOK_SECRET"] == nil {
      reader.problems.append(
        "GITHUB_WEBHOOK_SECRET is missing: set it to the secret of the webhook on GitHub")
    }
    readDatabase(&reader, isNeeded: needs.contains(.database))
    readRemote(&reader, isNeeded: needs.contains(.repository), isLambda: isLambda)
    if !reader.problems.isEmpty { throw SettingsError(problems: reader.problems) }
  }

  private mutating func readDatabase(_ reader: inout Reader, isNeeded: Bool) {
    guard let text = reader.secret("DATABASE_URL") else {
      if isNeeded {
        reader.problems.append("DATABASE_URL is missing: set it to postgresql://user:password@host/database")
      }
      return
    }
    do {
      database = try DatabaseURL(text, rootCertificate: reader.text("DATABASE_CA_FILE"))
    } catch {
      reader.problems.append("DATABASE_URL: \(error)")
    }
  }

  private mutating func readRemote(_ reader: inout Reader, isNeeded: Bool, isLambda: Bool) {
    let token = reader.secret("GITHUB_TOKEN")
    guard let text = reader.text("GITHUB_REPO") else {
      if isNeeded { reader.problems.append("GITHUB_REPO is missing: set it to owner/name or to a git URL") }
      return
    }
    do {
      let remote = try Remote(
        text, branch: branch, token: token.map { Secret($0) },
        certificateAuthorityFile: reader.text("SSL_CERT_FILE"),
        allowLocal: !isLambda)
      self.remote = remote
      // Whatever way it was written, it is one repository.
      repositoryName = canonical(remote.url)
      gitHubName = ownerAndName(remote.url)
    } catch {
      reader.problems.append("GITHUB_REPO: \(error)")
    }
  }
}

/// Reads variables and gathers what is wrong with them.
///
/// A variable that is set to nothing counts as not set.
private struct Reader {
  let environment: [String: String]
  var problems: [String] = []

  mutating func text(_ name: String) -> String? {
    guard let text = environment[name], !text.isEmpty else { return nil }
    if text.utf8.contains(where: { $0 < 32 || $0 == 127 }) {
      problems.append("\(name) has a control character")
      return nil
    }
    return text
  }

  /// Like `text`, but set to nothing is a mistake: an empty secret must never pass as one.
  mutating func secret(_ name: String) -> String? {
    guard let text = environment[name] else { return nil }
    if text.isEmpty { problems.append("\(name) is empty") }
    return text.isEmpty ? nil : text
  }

  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) -> Choice? {
    guard let text = text(name) else { return nil }
    let choice = Choice(rawValue: text)
    let all = Choice.allCases.map { $0.rawValue }.joined(separator: ", ")
    check(choice != nil, "\(name) must be one of \(all)")
    return choice
  }

  mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let text = text(name) else { return nil }
    let number = Int(text).flatMap { range.contains($0) ? $0 : nil }
    check(number != nil, "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    return number
  }

  mutating func check(_ holds: Bool, _ problem: String) {
    if !holds { problems.append(problem) }
  }
}

/// One name for all the ways to write a repository's URL; GitHub doesn't tell upper from lower case.
private func canonical(_ url: String) -> String {
  var url = url[...]
  while url.hasSuffix("/") { url = url.dropLast() }
  if url.hasSuffix(".git") { url = url.dropLast(4) }
  return url.lowercased().hasPrefix("https://github.com/") ? url.lowercased() : String(url)
}

/// `owner/name` of a repository on GitHub; nil for one elsewhere.
private func ownerAndName(_ url: String) -> String? {
  let prefix = "https://github.com/"
  guard url.hasPrefix(prefix) else { return nil }
  let path = url.dropFirst(prefix.count)
  return String(path.hasSuffix(".git") ? path.dropLast(4) : path)
}

private func isFolder(_ path: String) -> Bool {
  let parts = path.split(separator: "/", omittingEmptySubsequences: false)
  return !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." || $0.lowercased() == ".git" }
    && !path.contains("\\")
}
