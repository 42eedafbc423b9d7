import CLinux
import Foundation

/// What the system lets this process have.
public enum ProcessLimits {
  /// Why a process cannot do its work.
  public enum Failure: Error, CustomStringConvertible {
    /// The process may have too few files open.
    case descriptors(limit: Int, needed: Int)
    /// The process may not set aside enough memory, used or not, in bytes.
    case addressSpace(limit: Int, needed: Int)

    public var description: String {
      switch self {
      case .descriptors(let limit, let needed):
        "this process may have only \(limit) files open, and it needs \(needed); see ulimit -n"
      case .addressSpace(let limit, let needed):
        """
        this process may have only \(limit >> 20) MiB of address space, and it needs \(needed >> 20), most of it never \
        used: raise ulimit -v, or set MALLOC_ARENA_MAX=2
        """
      }
    }
  }

  /// Raises the limit of open descriptors as far as this process may.
  ///
  /// - Returns: the limit.
  public static func raiseDescriptors() -> Int {
    Int(linux_raise_descriptor_limit())
  }

  /// Raises the limit of open descriptors as far as this process may, and refuses one that is too low.
  ///
  /// This belongs before everything that opens one: where there is none left, Swift's runtime ends the process without
  /// a word.
  ///
  /// - Parameter needed: how many the process needs at least.
  /// - Throws: `Failure.descriptors`.
  public static func requireDescriptors(_ needed: Int) throws(Failure) {
    let limit = raiseDescriptors()
    guard limit >= needed else { throw .descriptors(limit: limit, needed: needed) }
  }

  /// Refuses a limit that would be met under load: where a thread cannot be started, what it was for is never done, and
  /// where memory cannot be had, Swift's runtime ends the process.
  ///
  /// What is needed is hardly ever used: eight mebibytes for the stack of each thread, and 64 for each of the arenas
  /// from which threads allocate, of which glibc makes up to eight a processor, or `MALLOC_ARENA_MAX`.
  ///
  /// - Parameter threads: how many the process may have at a time.
  /// - Throws: `Failure.addressSpace` when this process may have too little address space (`ulimit -v`).
  public static func requireAddressSpace(threads: Int) throws(Failure) {
    let process = ProcessInfo.processInfo
    let arenas = process.environment["MALLOC_ARENA_MAX"].flatMap(Int.init) ?? process.activeProcessorCount * 8
    let needed = threads * (8 << 20) + max(1, min(arenas, 1024)) * (64 << 20)
    let limit = Int(linux_address_space_limit())
    guard limit >= needed else { throw .addressSpace(limit: limit, needed: needed) }
  }
}
