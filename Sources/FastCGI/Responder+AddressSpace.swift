import CEpoll
import Foundation

extension Responder {
  /// Refuses a limit that would be met under load: where a thread cannot be started, what it was for is never done, and
  /// where memory cannot be had, Swift's runtime ends the process.
  ///
  /// - Throws: when this process may have too little address space (`ulimit -v`).
  public static func requireAddressSpace() throws(TooLittleAddressSpace) {
    let limit = Int(cepoll_address_space_limit())
    guard limit >= requiredAddressSpace else { throw TooLittleAddressSpace(limit: limit) }
  }

  /// Bytes, few of which are ever used: eight mebibytes for the stack of each of a hundred threads, and 64 for each of
  /// the arenas from which they allocate, of which glibc makes up to eight a processor, or `MALLOC_ARENA_MAX`.
  private static var requiredAddressSpace: Int {
    let process = ProcessInfo.processInfo
    let arenas = process.environment["MALLOC_ARENA_MAX"].flatMap(Int.init) ?? process.activeProcessorCount * 8
    return (1 << 30) + max(1, min(arenas, 1024)) * (64 << 20)
  }

  /// The process may not set aside enough memory, used or not.
  public struct TooLittleAddressSpace: Error, CustomStringConvertible {
    /// Bytes.
    let limit: Int

    public var description: String {
      """
      this process may have only \(limit >> 20) MiB of address space, and it needs \(requiredAddressSpace >> 20), \
      most of it never used: raise ulimit -v, or set MALLOC_ARENA_MAX=2
      """
    }
  }
}
