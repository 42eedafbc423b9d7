import CMessageDigest

/// The digest SHA-256 (FIPS 180-4).
public enum SHA256 {
  /// Computes the digest of some bytes.
  ///
  /// - Parameter parts: the bytes, in parts.
  /// - Returns: the digest, 32 bytes.
  public static func digest(_ parts: [[UInt8]]) -> [UInt8] {
    var context = SHA2_CTX()
    SHA256Init(&context)
    for part in parts {
      part.withUnsafeBufferPointer { SHA256Update(&context, $0.baseAddress, $0.count) }
    }
    return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
      SHA256Final(digest.baseAddress, &context)
      count = Int(SHA256_DIGEST_LENGTH)
    }
  }
}
