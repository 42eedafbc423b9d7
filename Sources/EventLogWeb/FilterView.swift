import EventLog

/// What the template `filter` shows.
struct FilterView {
  let types: [OptionView]

  init(_ query: EventQuery) {
    types = EventType.allCases.map {
      OptionView($0, isSelected: query.types.count == 1 && query.types.contains($0))
    }
  }
}
