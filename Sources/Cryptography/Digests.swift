import COpenSSL

/// SHA-1 of `bytes`: 20 bytes.
///
/// Only for git's object ids (https://git-scm.com/docs/hash-function-transition).
public func sha1(_ bytes: some Sequence<UInt8>) -> [UInt8] {
  digest(Array(bytes), EVP_sha1())
}

/// SHA-256 of `bytes`: 32 bytes.
public func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
  digest(Array(bytes), EVP_sha256())
}

/// HMAC-SHA-256 of `message` under `key` (RFC 2104): 32 bytes.
public func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
  var code = [UInt8](repeating: 0, count: 32)
  var length: UInt32 = 0
  let done = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &length)
  precondition(done != nil && length == 32, "libcrypto can't compute HMAC-SHA-256")
  return code
}

/// Whether both are the same, in a time that depends on their lengths only.
public func equalInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
  one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
}

/// The bytes as lower-case hexadecimal digits, two a byte.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

private func digest(_ bytes: [UInt8], _ algorithm: OpaquePointer?) -> [UInt8] {
  var result = [UInt8](repeating: 0, count: Int(EVP_MD_get_size(algorithm)))
  let done = EVP_Digest(bytes, bytes.count, &result, nil, algorithm, nil)
  precondition(done == 1, "libcrypto can't compute the digest")
  return result
}
