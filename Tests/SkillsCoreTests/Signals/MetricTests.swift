import SkillsCore
import Testing

struct MetricTests {
  /// The form of [AWS's page](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
  @Test func aDocumentIsInTheEmbeddedMetricFormat() throws {
    let document = MetricDocument(
      values: [.invocations: 1, .created: 2, .pushTime: 12.5], function: "skills", event: "queue",
      outcome: "success", properties: ["requestId": "a\"b"])
    let line = try document.line(at: 1_764_000_000_123)
    #expect(!line.contains("\n"))
    let json = try JSON.read(Array(line.utf8))
    #expect(json["Invocations"] == .number(1))
    #expect(json["SkillsCreated"] == .number(2))
    #expect(json["PushTime"] == .number(12.5))
    #expect(json["SkillsUpdated"] == nil, "what wasn't measured is missing")
    #expect(json["requestId"] == .string("a\"b"))
    #expect(json["Function"] == .string("skills") && json["Event"] == .string("queue"))
    #expect(json["Outcome"] == .string("success"))
    let metadata = try #require(json["_aws"])
    #expect(metadata["Timestamp"] == .number(1_764_000_000_123))
    let directives = try #require(metadata["CloudWatchMetrics"]?.elements)
    #expect(directives.allSatisfy { $0["Namespace"] == .string("GitBackedSkills") })
    #expect(
      directives.map { $0["Dimensions"] } == [
        .array([.array([.string("Function")])]),
        .array([.array([.string("Function"), .string("Event"), .string("Outcome")])]),
      ])
    #expect(
      directives[0]["Metrics"]
        == .array([
          .object(["Name": .string("Invocations"), "Unit": .string("Count")]),
          .object(["Name": .string("SkillsCreated"), "Unit": .string("Count")]),
          .object(["Name": .string("PushTime"), "Unit": .string("Milliseconds")]),
        ]))
    #expect(
      directives[1]["Metrics"]
        == .array([.object(["Name": .string("Invocations"), "Unit": .string("Count")])]))
  }

  @Test func thePageNamesEveryMetricWithItsUnitAndNoOther() throws {
    let page = String(decoding: try repositoryFile("docs/signals.md"), as: UTF8.self)
    var found: [String: String] = [:]
    for line in page.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { trimmed(String($0)) }
      guard cells.count == 3, ["Count", "Seconds", "Milliseconds", "Bytes"].contains(cells[1]) else {
        continue
      }
      for name in cells[0].split(separator: ",") {
        found[trimmed(String(name)).filter { $0 != "`" }] = cells[1]
      }
    }
    let metrics = Metric.allCases.map { ($0.rawValue, $0.unit.rawValue) }
    #expect(found == Dictionary(uniqueKeysWithValues: metrics))
  }
}
