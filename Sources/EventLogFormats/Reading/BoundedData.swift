import EventLog
import JSON
import Text

/// The `data` of an event that is made of facts of any number and size: as many of them as there is room for. The member
/// `cut` names the others.
struct BoundedData {
  /// The longest text that is not a value of its own, in characters.
  private static let maximumTextLength = 200
  /// The room for the names of what is left out, in bytes.
  private static let cutSize = 2048

  private var members: [JSONMember] = []
  private var cut: [String]
  /// The number of bytes that are left.
  private var room = EventData.maximumSize - cutSize

  /// - Parameter cut: the members of the event itself that were cut.
  init(cut: [String] = []) {
    self.cut = cut
  }

  /// The data; nil when there is nothing.
  var data: EventData? {
    let named = cut.isEmpty ? [] : [JSONMember(name: "cut", value: .array(names(of: cut)))]
    return members.isEmpty && named.isEmpty ? nil : try? EventData(.object(members + named))
  }

  /// Adds a short text, which is cut if it is long. An empty one is nothing.
  mutating func add(_ name: Text, text: String) {
    if text.isEmpty { return }
    let scalars = text.unicodeScalars.prefix(Self.maximumTextLength)
    if scalars.endIndex < text.endIndex { cut.append(name.string) }
    add(name, .string(String(scalars)))
  }

  /// Adds a value, or leaves it out if it is too large.
  mutating func add(_ name: Text, _ value: JSONValue, maximumSize: Int = .max) {
    let member = JSONMember(name: name, value: value)
    let size = member.size
    guard size <= min(room, maximumSize) else { return cut.append(name.string) }
    members.append(member)
    room -= size
  }

  /// Adds an object with as many members as there is room for, in their order. The longest are left out. Without any, nothing
  /// is added.
  mutating func add(_ name: Text, membersOf object: [JSONMember]) {
    if object.isEmpty { return }
    let kept = fitting(object, room: room - JSONMember(name: name, value: .object([])).size, in: "\(name).")
    add(name, .object(kept))
  }

  /// Adds as many members as there is room for, in their order. The longest are left out.
  mutating func add(_ all: [JSONMember]) {
    for member in fitting(all, room: room, in: "") { add(member.name, member.value) }
  }

  private mutating func fitting(_ all: [JSONMember], room: Int, in place: String) -> [JSONMember] {
    let sizes = all.map(\.size)
    var rest = room
    var isKept = [Bool](repeating: false, count: all.count)
    for index in all.indices.sorted(by: { (sizes[$0], $0) < (sizes[$1], $1) }) {
      rest -= sizes[index]
      if rest < 0 { break }
      isKept[index] = true
    }
    cut += all.indices.filter { !isKept[$0] }.map { place + all[$0].name.abridged }
    return all.indices.filter { isKept[$0] }.map { all[$0] }
  }

  /// Returns as many of the names of what is left out as there is room for, and the number of others.
  private func names(of cut: [String]) -> [JSONValue] {
    var names: [JSONValue] = []
    var rest = Self.cutSize - JSONMember(name: "cut", value: .string("and \(cut.count) more")).size
    for (index, name) in cut.enumerated() {
      let name = JSONValue.string(name)
      rest -= name.size + 1
      if rest < 0 { return names + [.string("and \(cut.count - index) more")] }
      names.append(name)
    }
    return names
  }
}

extension JSONMember {
  /// The size of the member in an object, with its comma, in bytes.
  fileprivate var size: Int { JSONValue.string(name.string).size + value.size + 2 }
}

extension JSONValue {
  /// The size of the value's text in bytes.
  fileprivate var size: Int {
    var text: [UInt8] = []
    text.appendJSON(self)
    return text.count
  }
}
