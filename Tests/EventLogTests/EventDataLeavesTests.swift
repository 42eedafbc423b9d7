import Testing
import Text

@testable import EventLog

/// What can be found in the data of an event.
struct EventDataLeavesTests {
  private func written(_ json: String) throws -> [String] {
    let leaves = try EventData(parsing: json).leaves
    for json in [json, try EventData(parsing: json).json] {
      #expect(try Array(json.utf8).withUnsafeBufferPointer(StoredEvent.leafKeys) == leaves.map(\.key))
    }
    return leaves.map { "\($0.path.text)=\($0.value.text)" }
  }

  @Test func areTheScalarsWithTheirPaths() throws {
    #expect(
      try written(#"{"order":{"id":42,"ok":true},"note":"late","none":null}"#)
        == ["order.id=42", "order.ok=true", "note=late", "none=null"])
  }

  @Test func areTheElementsOfListsWithoutTheirPlaces() throws {
    #expect(
      try written(#"{"ids":[1,[2,1]],"items":[{"sku":"a"},{"sku":"b"}],"empty":[],"nothing":{}}"#)
        == ["ids=1", "ids=2", "items.sku=a", "items.sku=b"])
  }

  @Test(arguments: [
    #"{"":1}"#, #"{"a":{"":{"b":2}}}"#, #"{"é b":"ü","a.b":"\n","c":"🎉"}"#,
    #"{"x":[1,1.0,10e-1,-0,0,1.50,100,-7,0.10]}"#,
    #"{"x":[true,false,null,"","a","a"]}"#, #"{"a":[[{"b":[{"c":"d"}]}]]}"#, #"{}"#, #"{"a":{},"b":[]}"#,
    #"{"n":[12345678901234567890,123456789012345678901,1e400,0.000000000000000000001,5.0,50,0.5,-0.0]}"#,
  ])
  func haveTheSameKeysWithoutATreeOfValues(_ json: String) throws {
    guard let data = try? EventData(parsing: json) else { return }
    let keys = try Array(data.json.utf8).withUnsafeBufferPointer(StoredEvent.leafKeys)
    #expect(keys == data.leaves.map(\.key))
  }

  @Test func haveNamesInQuotesWhereTheyAreNotSimple() throws {
    #expect(
      try written(#"{"a.b":{"":1,"é":2,"\"":3," ":4,"a=b":5}}"#)
        == [#""a.b".""=1"#, #""a.b".é=2"#, #""a.b"."\""=3"#, #""a.b"." "=4"#, #""a.b"."a=b"=5"#])
  }

  @Test(arguments: ["order.id", #""a.b".c"#, #""\"""#, "é.0._-"])
  func pathsAreReadAsTheyAreWritten(_ text: String) throws {
    #expect(try #require(DataPath(Text(text))).text == Text(text))
  }

  @Test(arguments: ["", ".", "a.", ".a", "a..b", "a b", #""a"#, #"a"b""#, #""a"b"#, #""\x""#, "a\u{0}"])
  func otherTextsAreNoPaths(_ text: String) {
    #expect(DataPath(Text(text)) == nil)
  }

  @Test(arguments: [
    ["42", "42.0", "4.2e1", "420E-1", "42.000", "0.42e2", "4200e-0002"],
    ["0", "-0", "0.0", "0e99", "-0.000"],
    ["1e30", "10e29", "1000000000000000000000000000000"], ["-0.5", "-5e-1", "-0.50"],
    ["9007199254740993", "9007199254740993.0"], ["1e-40", "0.1e-39", "10E-41"],
    ["123456789012345678901234567890.5", "1234567890123456789012345678905e-1"],
  ])
  func numbersAreEqualWhenTheirValuesAre(_ texts: [String]) {
    let values = texts.map { DataValue(Text($0)) }
    #expect(Set(values).count == 1)
    #expect(Set(values.map(\.key)).count == 1)
    for value in values { #expect(DataValue(value.text) == value) }
  }

  @Test func valuesOfOtherKindsOrAmountsAreDifferent() {
    let texts = [
      "42", "43", "-42", "4.2", "\"42\"", "true", "\"true\"", "false", "null", "\"null\"", "abc", "ABC",
      "\"\"",
      "9007199254740993", "9007199254740992", "1e30", "1e31", "1e999999999999999999", "1e999999999999999998",
    ]
    let values = texts.map { DataValue(Text($0)) }
    #expect(Set(values).count == texts.count)
    #expect(Set(values.map(\.key)).count == texts.count)
    for value in values {
      #expect(DataValue(value.text) == value)
      #expect(DataValue(key: value.key) == value)
    }
  }

  @Test(arguments: [
    ("order.id=42", "data.order.id", "42"), ("a=b=c", "data.a", "b=c"), (#""a=b"=c"#, #"data."a=b""#, "c"),
    ("a=", "data.a", ""),
  ])
  func aPathAndAValueAreOneParameter(_ text: String, _ name: String, _ value: String) throws {
    let parameter = try #require(EventCondition.Parameter.data(Text(text)))
    #expect(parameter == (Text(name), Text(value)))
  }

  @Test(arguments: ["", "a", "=1", "a b=1"])
  func whatHasNoPathBeforeAnEqualsSignIsNoParameter(_ text: String) {
    #expect(EventCondition.Parameter.data(Text(text)) == nil)
  }

  @Test func aNameThatIsNoPathIsAnError() {
    for name: Text in ["data.", "data.a..b", "data.a b"] {
      let error = #expect(throws: InvalidQuery.self) { try EventQuery(parameters: [(name, "1")]) }
      #expect(error?.errors.map(\.name) == [name])
    }
    #expect(throws: InvalidQuery.self) { try EventQuery(parameters: [("data", "1")]) }
  }
}
