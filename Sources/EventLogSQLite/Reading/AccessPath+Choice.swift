import EventLog
import GRDB

extension AccessPath {
  /// The number of events below which reading all of them is quick.
  static let fewEvents = 1000

  /// Chooses the index that leads to the fewest events. If several lead to many, it is the one that is usually more
  /// selective.
  ///
  /// - Parameters:
  ///   - filter: the condition that every event must meet.
  ///   - ids: the ids to look among.
  ///   - estimates: whether to count events even when there is only one index.
  ///   - database: a connection in a read transaction.
  /// - Returns: the index, and the number of events that it leads to, counted up to `fewEvents`; nil when they were not
  ///   counted.
  /// - Throws: any error from SQLite.
  static func best(
    for filter: EventCondition, ids: IDRange, estimates: Bool, _ database: Database
  ) throws -> (path: AccessPath, estimate: Int?) {
    let paths = try all(for: filter, database)
    guard paths.count > 1 || estimates else { return (paths.first ?? .everything, nil) }
    let counted = try paths.map { (path: $0, count: try $0.count(ids: ids, upTo: fewEvents, database)) }
    let best = counted.min { $0.count < $1.count }
    return (best?.path ?? .everything, best?.count)
  }

  /// Returns the indexes that apply, the usually more selective ones first.
  private static func all(for filter: EventCondition, _ database: Database) throws -> [AccessPath] {
    let texts = try filter.conjuncts.compactMap { condition in
      guard case .text(let terms) = condition else { return nil as AccessPath? }
      return try TextIndex.expression(for: terms, database).map(AccessPath.text)
    }
    return (indexes(for: filter) + texts).sorted { $0.rank < $1.rank }
  }
}
