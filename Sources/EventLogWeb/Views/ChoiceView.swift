import EventLog

/// One of the values that a field offers to choose from.
struct ChoiceView {
  let value: String
  let label: String
  let isSelected: Bool
}

extension ChoiceView {
  init(_ type: EventType, isSelected: Bool) {
    self.init(value: type.rawValue, label: type.label, isSelected: isSelected)
  }
}
