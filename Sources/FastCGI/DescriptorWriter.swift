import CEpoll
import Glibc
import HTTPCore

/// Writes to a descriptor with blocking calls.
struct DescriptorWriter: BodyWriter {
  let descriptor: Int32

  func write(_ bytes: [UInt8]) async throws {
    var written = 0
    while written < bytes.count {
      let count = cepoll_write(descriptor, bytes, written, bytes.count)
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw SystemError("write")
      }
    }
  }
}
