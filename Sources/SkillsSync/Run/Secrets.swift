import AWS
import SkillsCore
import Synchronization

/// The values of the settings that are secrets.
///
/// What Secrets Manager keeps is read when it is first needed, once a process; and again when what it opens was refused, so
/// that a rotation needs no deploy. Two may be read at once, by two connections.
final class Secrets: Sendable {
  private struct Version: Hashable {
    var name: ResourceName
    var stage: SecretStage
  }

  /// A version's text.
  ///
  /// Several settings may be keys of one secret: it is read once, and who comes meanwhile waits for it.
  private final class Text: Sendable {
    enum State: Equatable {
      case unread
      case read(String)
      /// There is no such version.
      case missing
    }

    let state = Mutex(State.unread)
  }

  private let aws: AWSClient
  private let texts = Mutex<[Version: Text]>([:])

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
    for (version, text) in texts.withLock({ $0 }) where version.name == stored.name {
      text.state.withLock { state in
        guard let new = try? read(version, deadline) else { return }
        if state != .unread, state != new { isChanged = true }
        state = new
      }
    }
    return isChanged
  }

  /// Nil for a version that isn't there.
  private func text(_ stored: StoredSecret, _ stage: SecretStage, _ deadline: Deadline) throws -> String? {
    let version = Version(name: stored.name, stage: stage)
    let text = texts.withLock { texts in
      let known = texts[version] ?? Text()
      texts[version] = known
      return known
    }
    return try text.state.withLock { state in
      if state == .unread { state = try read(version, deadline) }
      if case .read(let text) = state { return text }
      return nil
    }
  }

  private func read(_ version: Version, _ deadline: Deadline) throws(AWSError) -> Text.State {
    do throws(AWSError) {
      return .read(try aws.secret(version.name, stage: version.stage) { deadline.remainingForAWS })
    } catch {
      guard error.code == .notFound, version.stage == .previous else { throw error }
      return .missing
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
