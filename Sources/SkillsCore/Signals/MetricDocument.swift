/// What an invocation measured, as one line of log that CloudWatch turns into metrics: the embedded metric format
/// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
///
/// All metrics have the dimension `Function`; `Invocations` has `Event` and `Outcome` too.
public struct MetricDocument: Sendable {
  /// The namespace of all metrics.
  public static let namespace = "GitBackedSkills"

  /// The values, of those that were measured.
  public var values: [Metric: Double]
  /// The function's name.
  public var function: String
  /// The kind of event, a constant text.
  public var event: String
  /// `success`, or the type of the error.
  public var outcome: String
  /// What else the line says: for whoever searches the log, no dimension.
  public var properties: [String: String]

  /// A document of values.
  public init(
    values: [Metric: Double], function: String, event: String, outcome: String,
    properties: [String: String] = [:]
  ) {
    self.values = values
    self.function = function
    self.event = event
    self.outcome = outcome
    self.properties = properties
  }

  /// The line, without its line break.
  ///
  /// - Parameter milliseconds: when it was measured, since the epoch.
  public func line(at milliseconds: Int64) throws -> String {
    var members = properties.mapValues { JSONValue.string($0) }
    for (metric, value) in values { members[metric.rawValue] = .number(value) }
    members["Function"] = .string(function)
    members["Event"] = .string(event)
    members["Outcome"] = .string(outcome)
    let measured = Metric.allCases.filter { values[$0] != nil }
    members["_aws"] = .object([
      "Timestamp": .number(Double(milliseconds)),
      "CloudWatchMetrics": .array([
        MetricDocument.directive(measured, by: ["Function"]),
        MetricDocument.directive(
          measured.filter { $0 == .invocations }, by: ["Function", "Event", "Outcome"]),
      ]),
    ])
    return try JSON.text(JSONValue.object(members))
  }

  private static func directive(_ metrics: [Metric], by dimensions: [String]) -> JSONValue {
    .object([
      "Namespace": .string(namespace),
      "Dimensions": .array([.array(dimensions.map { .string($0) })]),
      "Metrics": .array(
        metrics.map { .object(["Name": .string($0.rawValue), "Unit": .string($0.unit.rawValue)]) }),
    ])
  }
}
