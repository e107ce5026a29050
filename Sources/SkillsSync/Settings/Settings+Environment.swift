import AWS
import Cryptography
import Git
import HTTP
import Postgres
import SkillsCore

extension Settings {
  /// Reads and validates all settings at once.
  ///
  /// - Parameters:
  ///   - environment: the process's variables.
  ///   - needs: what the command can't do without.
  /// - Throws: a `SettingsError` that names every variable at fault; never a secret's value.
  public init(environment: [String: String], needs: Needs) throws(SettingsError) {
    self.init()
    var reader = Reader(environment: environment)
    let isLambda = environment["AWS_LAMBDA_RUNTIME_API"] != nil

    if let text = reader.text("GITHUB_BRANCH") {
      reader.check(
        isBranchName(text),
        "GITHUB_BRANCH isn't a branch name: write it without refs/heads/, as main "
          + "(https://git-scm.com/docs/git-check-ref-format)")
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
    commitStatus = reader.choice("COMMIT_STATUS") ?? commitStatus
    logLevel = reader.choice("LOG_LEVEL") ?? logLevel
    batchSize = reader.number("SYNC_BATCH_SIZE", in: 1...100_000) ?? batchSize
    pushInterval = reader.number("PUSH_INTERVAL", in: 0...3_600) ?? pushInterval
    retentionDays = reader.number("RETENTION_DAYS", in: 1...36_500) ?? retentionDays
    workDirectory = reader.text("WORK_DIRECTORY") ?? workDirectory
    reader.check(workDirectory.hasPrefix("/"), "WORK_DIRECTORY must be an absolute path")
    committer.name = reader.text("COMMITTER_NAME") ?? committer.name
    committer.email = reader.text("COMMITTER_EMAIL") ?? committer.email
    for text in [committer.name, committer.email] {
      reader.check(
        !text.contains { "<>\n\r\0".contains($0) },
        "COMMITTER_NAME and COMMITTER_EMAIL can't have < > or line breaks")
    }

    // git has to be told: the layer's has none built in either.
    certificateAuthorityFile = reader.text("SSL_CERT_FILE") ?? certificateAuthorityFallback
    readWebhook(&reader, isNeeded: needs.contains(.webhookSecret))
    if let text = reader.text("ALERT_TOPIC_ARN") {
      alertTopic = ResourceName(text, service: "sns")
      reader.check(
        alertTopic != nil, "ALERT_TOPIC_ARN must be a topic's ARN, as arn:aws:sns:REGION:ACCOUNT:NAME")
    }
    readDatabase(&reader, isNeeded: needs.contains(.database))
    readRemote(&reader, isNeeded: needs.contains(.repository), isLambda: isLambda)
    if !reader.problems.isEmpty { throw SettingsError(problems: reader.problems) }
  }

  private mutating func readWebhook(_ reader: inout Reader, isNeeded: Bool) {
    webhookSecret = reader.secret("GITHUB_WEBHOOK_SECRET")
    if isNeeded, reader.environment["GITHUB_WEBHOOK_SECRET"] == nil {
      reader.problems.append(
        "GITHUB_WEBHOOK_SECRET is missing: set it to the secret of the webhook on GitHub")
    }
    switch reader.secret("GITHUB_WEBHOOK_SECRET_PREVIOUS") {
    case .value(let text): previousWebhookSecret = text
    case .stored:
      // Taken for a text, it would be a secret that many know.
      reader.problems.append(
        "GITHUB_WEBHOOK_SECRET_PREVIOUS can't be an ARN: of a secret in Secrets Manager the previous version is read too"
      )
    case nil: break
    }
    if let text = reader.text("WEBHOOK_QUEUE_URL") {
      webhookQueue = QueueURL(text)
      reader.check(
        webhookQueue != nil,
        "WEBHOOK_QUEUE_URL must be a standard queue's URL, as https://sqs.REGION.amazonaws.com/ACCOUNT/NAME")
    }
  }

  private mutating func readDatabase(_ reader: inout Reader, isNeeded: Bool) {
    database = reader.secret("DATABASE_URL")
    databaseCertificateAuthorityFile = reader.text("DATABASE_CA_FILE")
    if isNeeded, reader.environment["DATABASE_URL"] == nil {
      reader.problems.append("DATABASE_URL is missing: set it to postgresql://user:password@host/database")
    }
    guard case .value(let text) = database else { return }
    do {
      _ = try DatabaseURL(text, rootCertificate: databaseCertificateAuthorityFile)
    } catch {
      reader.problems.append("DATABASE_URL: \(error)")
    }
  }

  private mutating func readRemote(_ reader: inout Reader, isNeeded: Bool, isLambda: Bool) {
    let gitHubURL = reader.url("GITHUB_URL") ?? "https://github.com"
    // Enterprise Server has its API beside its pages; GitHub's own has a host for it.
    gitHubAPIURL =
      reader.url("GITHUB_API_URL")
      ?? (gitHubURL == "https://github.com" ? gitHubAPIURL : "\(gitHubURL)/api/v3")
    token = reader.secret("GITHUB_TOKEN")
    if let text = reader.text("GITHUB_REPO") {
      do {
        let remote = try Remote(
          text, branch: branch, gitHubURL: gitHubURL, certificateAuthorityFile: certificateAuthorityFile,
          allowLocal: !isLambda)
        self.remote = remote
        // Whatever way it was written, it is one repository.
        repositoryName = canonical(remote.url, gitHubURL: gitHubURL)
        gitHubName = ownerAndName(remote.url, gitHubURL: gitHubURL)
      } catch {
        reader.problems.append("GITHUB_REPO: \(error)")
      }
    } else if isNeeded {
      reader.problems.append("GITHUB_REPO is missing: set it to owner/name or to a git URL")
    }
    readApp(&reader)
  }

  private mutating func readApp(_ reader: inout Reader) {
    let names = ["GITHUB_APP_ID", "GITHUB_APP_INSTALLATION_ID", "GITHUB_APP_PRIVATE_KEY"]
    let id = reader.text(names[0])
    let installationID = reader.text(names[1])
    let privateKey = reader.secret(names[2])
    let missing = names.filter { reader.environment[$0]?.isEmpty ?? true }
    if missing.count == names.count { return }
    reader.check(
      missing.isEmpty, "of a GitHub App all three are needed: \(missing.joined(separator: ", ")) missing")
    reader.check(token == nil, "GITHUB_TOKEN and GITHUB_APP_ID exclude each other: set one of them")
    reader.check(
      remote == nil || gitHubName != nil,
      "GITHUB_APP_ID needs a GITHUB_REPO on GitHub, or on the server at GITHUB_URL")
    guard let id, let installationID, let privateKey else { return }
    reader.check(
      id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") },
      "GITHUB_APP_ID must be the App's id or client id")
    reader.check(
      installationID.allSatisfy { $0.isASCII && $0.isNumber },
      "GITHUB_APP_INSTALLATION_ID must be a number")
    if case .value(let text) = privateKey {
      do {
        _ = try RSAPrivateKey(pem: text)
      } catch {
        reader.problems.append("GITHUB_APP_PRIVATE_KEY \(error)")
      }
    }
    app = AppSettings(id: id, installationID: installationID, privateKey: privateKey)
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
  mutating func secret(_ name: String) -> SecretSetting? {
    guard let text = environment[name] else { return nil }
    check(!text.isEmpty, "\(name) is empty")
    guard !text.isEmpty else { return nil }
    guard text.hasPrefix("arn:") else { return .value(text) }
    let stored = StoredSecret(text)
    check(
      stored != nil,
      "\(name) must be a secret's ARN, as arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME or, for one key of a JSON "
        + "object, ARN#key")
    return stored.map { .stored($0) }
  }

  /// A server's URL, without a slash at its end.
  mutating func url(_ name: String) -> String? {
    guard let text = text(name) else { return nil }
    check(isConfidential(text), "\(name) must be an https:// URL, or http:// to this very machine")
    return text.hasSuffix("/") ? String(text.dropLast()) : text
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
private func canonical(_ url: String, gitHubURL: String) -> String {
  var url = url[...]
  while url.hasSuffix("/") { url = url.dropLast() }
  if url.hasSuffix(".git") { url = url.dropLast(4) }
  return url.lowercased().hasPrefix("\(gitHubURL.lowercased())/") ? url.lowercased() : String(url)
}

/// `owner/name` of a repository on GitHub; nil for one elsewhere.
private func ownerAndName(_ url: String, gitHubURL: String) -> String? {
  let prefix = "\(gitHubURL)/"
  guard url.hasPrefix(prefix) else { return nil }
  let path = url.dropFirst(prefix.count)
  return String(path.hasSuffix(".git") ? path.dropLast(4) : path)
}

private func isFolder(_ path: String) -> Bool {
  let parts = path.split(separator: "/", omittingEmptySubsequences: false)
  return !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." || $0.lowercased() == ".git" }
    && !path.contains("\\")
}
