/// How ids and timestamps are stored: as the differences between neighbours, 64 at a time.
///
/// A group starts with its smallest difference, a number of variable length, and the width of the others in bits, a byte.
/// For each difference follows by how much it exceeds the smallest one, in that many bits, filled in from the lowest of each
/// byte. So reading one takes no branch, whatever the differences are. A width of more than 56 bits is 64.
enum PackedIntegers {
  private static let groupSize = 64
  private static let maximumWidth = 56
  /// The number of bytes that must follow the bytes of a group while it is read, since they are read eight at a time.
  static let padding = 8

  /// Appends integers.
  ///
  /// - Parameters:
  ///   - integers: the integers.
  ///   - start: the integer from which the first one differs.
  ///   - bytes: receives them.
  static func append(_ integers: some Collection<Int64>, from start: Int64, to bytes: inout [UInt8]) {
    var last = start
    var differences: [Int64] = []
    for integer in integers {
      differences.append(integer &- last)
      last = integer
      if differences.count == groupSize { append(group: &differences, to: &bytes) }
    }
    append(group: &differences, to: &bytes)
  }

  private static func append(group differences: inout [Int64], to bytes: inout [UInt8]) {
    guard let least = differences.min() else { return }
    let rests = differences.map { UInt64(bitPattern: $0 &- least) }
    var width = UInt64.bitWidth - (rests.max() ?? 0).leadingZeroBitCount
    if width > maximumWidth { width = 64 }
    bytes.appendVariableLength(signed: least)
    bytes.append(UInt8(width))
    var (bits, used): (UInt64, Int) = (0, 0)
    for rest in rests {
      bits |= rest << UInt64(used)
      used += width
      while used >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        used -= 8
      }
    }
    if used > 0 { bytes.append(UInt8(truncatingIfNeeded: bits)) }
    differences.removeAll(keepingCapacity: true)
  }

  /// Reads integers.
  ///
  /// - Parameters:
  ///   - bytes: the bytes, of which the last `padding` are no part of them.
  ///   - offset: where the integers start; is moved behind them.
  ///   - count: the number of integers.
  ///   - start: the integer from which the first one differs.
  /// - Returns: the integers, and whether they ascend.
  /// - Throws: `IndexDamage` when the bytes end early.
  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, at offset: inout Int, count: Int, from start: Int64
  ) throws(IndexDamage) -> (integers: [Int64], isAscending: Bool) {
    var damage: IndexDamage?
    var hasDescent = false
    let integers = [Int64](unsafeUninitializedCapacity: count) { integers, initialized in
      guard var next = integers.baseAddress else { return }
      var last = start
      do throws(IndexDamage) {
        while initialized < count {
          let groupCount = min(groupSize, count - initialized)
          let least = try bytes.signedVariableLength(at: &offset)
          guard offset < bytes.count - padding else { throw IndexDamage("a column ends early") }
          let width = Int(bytes[offset])
          offset += 1
          let size = (width * groupCount + 7) / 8
          guard width <= 64, size <= bytes.count - padding - offset else {
            throw IndexDamage("a column ends early")
          }
          let raw = UnsafeRawBufferPointer(bytes)
          let mask: UInt64 = width == 64 ? .max : 1 << UInt64(width) - 1
          var bit = offset * 8
          for index in 0..<groupCount {
            let word = raw.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self) &>> UInt64(bit & 7)
            bit &+= width
            let integer = last &+ least &+ Int64(bitPattern: word & mask)
            // The first integer follows none.
            let isDescent = integer < last && (index > 0 || initialized > 0)
            hasDescent = hasDescent || isDescent
            next.pointee = integer
            next += 1
            last = integer
          }
          offset += size
          initialized += groupCount
        }
      } catch {
        damage = error
      }
    }
    if let damage { throw damage }
    return (integers, !hasDescent)
  }
}
