import EventLog

/// What the template `filter` shows.
struct FilterView {
  let types: [OptionView]

  init(_ query: EventQuery) {
    types = EventType.allCases.map {
      OptionView($0, isSelected: query.filter.types == [$0])
    }
  }
}
