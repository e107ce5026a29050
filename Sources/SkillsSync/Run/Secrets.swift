import AWS
import SkillsCore

/// The values of the settings that are secrets.
///
/// What Secrets Manager keeps is read when it is first needed, once a process; and again when what it opens was refused, so
/// that a rotation needs no deploy. One connection, one after the other: that is faster than several TLS handshakes.
final class Secrets {
  private struct Version: Hashable {
    var name: ResourceName
    var stage: SecretStage
  }

  private let aws: AWSClient
  // Several settings may be keys of one secret: it is read once. Nil for a version that isn't there.
  private var texts: [Version: String?] = [:]

  init(aws: AWSClient) { self.aws = aws }

  /// The value of a setting.
  ///
  /// - Parameter variable: the setting's name, for messages.
  /// - Throws: an `AWSError` if the secret can't be read; a `SettingsError` if what it holds is no value, in words that
  ///   have nothing of it.
  func value(_ setting: SecretSetting, of variable: String, _ deadline: Deadline) throws -> String {
    switch setting {
    case .value(let text): return text
    case .stored(let stored):
      // The current version is never missing without an error.
      return try value(of: stored, in: try text(stored, .current, deadline) ?? "", variable)
    }
  }

  /// The value of a setting before the last rotation; nil where there is none that could be valid.
  func previousValue(_ setting: SecretSetting, of variable: String, _ deadline: Deadline) throws -> String? {
    guard case .stored(let stored) = setting, let text = try text(stored, .previous, deadline) else {
      return nil
    }
    return try? value(of: stored, in: text, variable)
  }

  /// Reads the setting's versions anew; whether one of them is another than before.
  ///
  /// What can't be read stays as it was.
  func reread(_ setting: SecretSetting?, _ deadline: Deadline) -> Bool {
    guard case .stored(let stored) = setting else { return false }
    var isChanged = false
    for version in texts.keys where version.name == stored.name {
      guard let new = try? read(version, deadline) else { continue }
      if let old = texts.updateValue(new, forKey: version), old != new { isChanged = true }
    }
    return isChanged
  }

  private func text(_ stored: StoredSecret, _ stage: SecretStage, _ deadline: Deadline) throws -> String? {
    let version = Version(name: stored.name, stage: stage)
    if let known = texts[version] { return known }
    let text = try read(version, deadline)
    texts.updateValue(text, forKey: version)
    return text
  }

  private func read(_ version: Version, _ deadline: Deadline) throws -> String? {
    do throws(AWSError) {
      return try aws.secret(version.name, stage: version.stage) { deadline.remaining }
    } catch {
      guard error.code == .notFound, version.stage == .previous else { throw error }
      return nil
    }
  }

  private func value(of stored: StoredSecret, in text: String, _ variable: String) throws -> String {
    func unusable(_ reason: String) -> SettingsError {
      SettingsError(problems: ["\(variable): the secret \(stored) \(reason)"])
    }
    var value = text
    if let key = stored.key {
      guard let object = try? JSON.read(Array(text.utf8)), case .object = object else {
        throw unusable("isn't a JSON object, and has no keys")
      }
      guard let member = object[key]?.text else { throw unusable("has no text under that key") }
      value = member
    }
    guard !value.isEmpty else { throw unusable("is empty") }
    return value
  }
}
