import Glibc
import SystemPackage

/// Checks the result of a system call. The call itself must be the argument, because this function, and nothing else,
/// reads `errno`.
///
/// - Parameters:
///   - name: the call's name.
///   - result: what the call returned.
/// - Returns: the result.
/// - Throws: `SystemCallError` if the result is negative.
@discardableResult
public func systemCall<Result: SignedInteger>(
  _ name: String, _ result: Result
) throws(SystemCallError) -> Result {
  guard result >= 0 else { throw SystemCallError(name, Errno(rawValue: errno)) }
  return result
}

/// Makes a system call through swift-system, whose errors do not name the call.
///
/// - Parameters:
///   - name: the call's name.
///   - call: the call, which must throw nothing but `Errno`.
/// - Returns: what the call returned.
/// - Throws: `SystemCallError` with the `Errno` that the call threw.
@discardableResult
public func systemCall<Result>(
  _ name: String, _ call: () throws -> Result
) throws(SystemCallError) -> Result {
  do {
    return try call()
  } catch {
    guard let errno = error as? Errno else { preconditionFailure("\(name) threw \(error)") }
    throw SystemCallError(name, errno)
  }
}
