import COpenSSL

/// An RSA private key; signs as JSON Web Tokens ask for by `RS256` (RFC 7518 §3.3).
public final class RSAPrivateKey {
  /// The text isn't a usable key.
  public struct Invalid: Error, CustomStringConvertible {
    /// What is wrong with it; has nothing of it.
    public let description: String
  }

  private let key: OpaquePointer

  /// Reads a key in PEM, of PKCS#1 (`BEGIN RSA PRIVATE KEY`) or PKCS#8 (`BEGIN PRIVATE KEY`), without a passphrase.
  ///
  /// A variable of the environment often has `\n` in place of line breaks: both are understood.
  public init(pem text: String) throws(Invalid) {
    let bytes = Array(text.replacing("\\n", with: "\n").utf8)
    guard let buffer = BIO_new_mem_buf(bytes, Int32(bytes.count)) else {
      preconditionFailure("libcrypto has no memory for a key")
    }
    defer { BIO_free(buffer) }
    // Without a function of ours libcrypto would ask for a passphrase on the terminal.
    let key = bytes.withUnsafeBytes { _ in PEM_read_bio_PrivateKey(buffer, nil, { _, _, _, _ in 0 }, nil) }
    // Errors stay in a queue of the thread, where the next caller would find them.
    ERR_clear_error()
    guard let key else {
      throw Invalid(
        description: "isn't a private key in PEM without a passphrase (-----BEGIN RSA PRIVATE KEY-----)")
    }
    guard EVP_PKEY_is_a(key, "RSA") == 1 else {
      EVP_PKEY_free(key)
      throw Invalid(description: "isn't an RSA key")
    }
    self.key = key
  }

  deinit { EVP_PKEY_free(key) }

  /// The signature by RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2), as long as the key's modulus.
  public func signature(of message: [UInt8]) -> [UInt8] {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    var length = Int(EVP_PKEY_get_size(key))
    var signature = [UInt8](repeating: 0, count: length)
    let done =
      EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1
      && EVP_DigestSign(context, &signature, &length, message, message.count) == 1
    precondition(done, "libcrypto can't sign")
    return Array(signature[..<length])
  }
}
