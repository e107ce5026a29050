/// One thing that is fed what libFuzzer makes up.
struct Target: Sendable {
  /// What `make fuzz TARGET=…` calls it.
  var name: String
  /// The inputs to begin with: what the code is known to be given.
  var seeds: @Sendable () throws -> [[UInt8]]
  /// Words that the code under test knows, for libFuzzer to put into inputs.
  var words: [String] = []
  /// Gives the code one input.
  ///
  /// What must hold is checked with `expect`; what is thrown is a finding, too.
  var run: @Sendable ([UInt8]) throws -> Void
}

/// Ends the process with a message where the condition doesn't hold: libFuzzer keeps the input.
func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}

extension [UInt8] {
  /// The bytes as a person can read them.
  var shown: String { String(decoding: self, as: UTF8.self).debugDescription }
}
