import EventLog
import Text

/// The view of the templates `filter` and `chips`.
struct FilterView {
  /// Whether the fields are in paragraphs, so that an error cannot be a paragraph of its own.
  let isInline = true
  /// The prefixes of the ids of the fields and of their errors.
  let fieldID = "filter"
  let errorID = "filter-error"
  let type: FieldView
  let search: FieldView
  /// The search with the part that is not valid marked; nil when it is valid.
  let invalidSearch: InvalidSearch?
  let help: SearchHelp
  let source: FieldView
  let range: FieldView
  let limit: FieldView
  /// The start of the period, in UTC.
  let since: FieldView
  /// The end of the period, in UTC.
  let until: FieldView
  /// The start of the period in which events happened, in UTC.
  let occurredSince: FieldView
  /// The end of that period, in UTC.
  let occurredUntil: FieldView
  let userID: FieldView
  let requestID: FieldView
  let tag: FieldView
  let data: FieldView
  /// The values in `data` that were asked for, and an empty one for one more.
  let dataValues: [String]
  /// The tags that were asked for, and an empty one for one more.
  let tags: [String]
  let sort: String
  let order: String
  /// The time by which the histogram counts, unless that is the usual one.
  let histogramTime: String?
  /// The columns of the table, unless they are the usual ones.
  let columns: String?
  /// The seconds after which the browser loads the page again, if it does so by itself.
  let refreshInterval: String?
  /// Whether the less common conditions are visible.
  let showsMore: Bool
  let chips: [Chip]
  let isActive: Bool
  let errors: FormErrorsView?

  /// - Parameters:
  ///   - form: the parameters of a query or, if they are invalid, the parameters with their errors.
  ///   - chips: the conditions of the query.
  ///   - help: the help with searching.
  init(_ form: FilledForm, chips: [Chip], help: SearchHelp) {
    self.help = help
    func moment(_ name: Text, _ label: String) -> FieldView {
      FieldView(name, label, of: form, value: Timestamp(rfc3339: form.value(name).string)?.localDateTime)
    }
    type = FieldView("type", "Types", of: form, choices: Self.types(form))
    search = FieldView("q", "Search", of: form)
    invalidSearch = search.error == nil ? nil : InvalidSearch(form.value("q"))
    source = FieldView("source", "Source", of: form)
    since = moment("since", "From")
    until = moment("until", "Before")
    occurredSince = moment("occurred_since", "Happened from")
    occurredUntil = moment("occurred_until", "Happened before")
    let hasMoments = !since.value.isEmpty || !until.value.isEmpty
    range = FieldView("range", "Time", of: form, choices: Self.ranges(form, hasMoments: hasMoments))
    limit = FieldView("limit", "Rows", of: form, choices: Self.limits(form))
    userID = FieldView("user_id", "User ID", of: form)
    requestID = FieldView("request_id", "Request ID", of: form)
    tag = FieldView("tag", "Tag", of: form)
    tags = form.values.filter { $0.name == "tag" && !$0.value.isEmpty }.map(\.value.string) + [""]
    data = FieldView("data", "Data", of: form)
    let asked = form.values.filter { EventCondition.Parameter(named: $0.name) == .data && !$0.value.isEmpty }
    dataValues = asked.map { "\($0.name.string.dropFirst("data.".count))=\($0.value.string)" } + [""]
    sort = (EventQuery.Sort(named: form.value("sort")) ?? EventQuery.newestEvents.sort).rawValue
    order = (EventQuery.Order(named: form.value("order")) ?? EventQuery.newestEvents.order).rawValue

    func ownValue(_ name: Text) -> String? { form.value(name).isEmpty ? nil : form.value(name).string }
    histogramTime = ownValue("of")
    columns = ownValue(ListColumns.parameterName)
    refreshInterval = ownValue("refresh")

    let more = EventCondition.Parameter.allCases.filter { !Self.isAlwaysVisible($0) }
    showsMore =
      !asked.isEmpty
      || more.contains {
        !form.value(Text($0.rawValue)).isEmpty || form.error(Text($0.rawValue)) != nil
      }
    self.chips = chips
    isActive = !chips.isEmpty
    errors = FormErrorsView(
      form,
      fields: [
        search, source, range, limit, type, since, until, occurredSince, occurredUntil, userID, requestID,
        tag, data,
      ])
  }

  /// Returns whether a parameter's field stands outside the part that can be folded.
  private static func isAlwaysVisible(_ parameter: EventCondition.Parameter) -> Bool {
    switch parameter {
    case .type, .search: true
    case .source, .since, .until, .occurredSince, .occurredUntil, .userID, .requestID, .tag, .data: false
    }
  }

  private static func types(_ form: FilledForm) -> [ChoiceView] {
    let chosen = Set(form.values.filter { $0.name == "type" }.map(\.value))
    return EventType.allCases.map { ChoiceView($0, isSelected: chosen.contains(Text($0.rawValue))) }
  }

  /// Returns the usual time ranges, and the one that was asked for.
  private static func ranges(_ form: FilledForm, hasMoments: Bool) -> [ChoiceView] {
    let usual = TimeRange.allCases.map { Text($0.rawValue) }
    let chosen = form.value("range")
    let values = chosen.isEmpty || usual.contains(chosen) ? usual : usual + [chosen]
    return [
      ChoiceView(value: "", label: hasMoments ? "as set below" : "any time", isSelected: chosen.isEmpty)
    ]
      + values.map {
        ChoiceView(value: $0.string, label: TimeRange.label(of: $0), isSelected: $0 == chosen)
      }
  }

  /// Returns the usual numbers of rows, and the one that was asked for.
  private static func limits(_ form: FilledForm) -> [ChoiceView] {
    let usual: [Text] = ["25", "50", "100", "250"]
    let sent = form.value("limit")
    let chosen = sent.isEmpty ? "50" : sent
    return (usual.contains(chosen) ? usual : usual + [chosen])
      .sorted { (Int($0.string) ?? 0) < (Int($1.string) ?? 0) }
      .map { ChoiceView(value: $0.string, label: $0.string, isSelected: $0 == chosen) }
  }
}
