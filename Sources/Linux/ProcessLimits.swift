import CLinux
import Foundation

/// The limits that the system imposes on this process.
public enum ProcessLimits {
  /// Why a process cannot do its work.
  public enum Failure: Error, CustomStringConvertible {
    /// The process may not have enough files open.
    case descriptors(limit: Int, needed: Int)
    /// The process may not reserve enough memory, whether it is used or not. Both values are in bytes.
    case addressSpace(limit: Int, needed: Int)

    public var description: String {
      switch self {
      case .descriptors(let limit, let needed):
        "this process may have only \(limit) files open, but it needs \(needed); see ulimit -n"
      case .addressSpace(let limit, let needed):
        """
        this process may have only \(limit >> 20) MiB of address space, but it needs \(needed >> 20) MiB, most of \
        which is never used; raise ulimit -v, or set MALLOC_ARENA_MAX=2
        """
      }
    }
  }

  /// Raises the limit on open descriptors as far as this process may.
  ///
  /// - Returns: the limit that holds afterwards.
  public static func raiseDescriptors() -> Int {
    Int(linux_raise_descriptor_limit())
  }

  /// Raises the limit on open descriptors as far as this process may, and refuses a limit that is too low.
  ///
  /// Call this before anything opens a descriptor: if none is left, Swift's runtime ends the process without a message.
  ///
  /// - Parameter needed: the minimum number of descriptors that the process needs.
  /// - Throws: `Failure.descriptors`.
  public static func requireDescriptors(_ needed: Int) throws(Failure) {
    let limit = raiseDescriptors()
    guard limit >= needed else { throw .descriptors(limit: limit, needed: needed) }
  }

  /// Refuses an address space limit that would be reached under load: if a thread cannot be started, its work is never
  /// done, and if memory cannot be allocated, Swift's runtime ends the process.
  ///
  /// Most of the address space is never used: 8 MiB for the stack of each thread, and 64 MiB for each of the arenas
  /// from which threads allocate. glibc makes up to eight arenas per processor, or `MALLOC_ARENA_MAX`.
  ///
  /// - Parameter threads: the maximum number of threads that the process has at a time.
  /// - Throws: `Failure.addressSpace` if this process may have too little address space (`ulimit -v`).
  public static func requireAddressSpace(threads: Int) throws(Failure) {
    let process = ProcessInfo.processInfo
    let arenas = process.environment["MALLOC_ARENA_MAX"].flatMap(Int.init) ?? process.activeProcessorCount * 8
    let needed = threads * (8 << 20) + max(1, min(arenas, 1024)) * (64 << 20)
    let limit = Int(linux_address_space_limit())
    guard limit >= needed else { throw .addressSpace(limit: limit, needed: needed) }
  }
}
