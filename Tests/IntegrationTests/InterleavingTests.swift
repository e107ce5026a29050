import Foundation
import TestSupport
import Testing

/// A change of each side and a run of each function, in every order: the end is the same.
@Suite(.onOwnThreads) struct InterleavingTests {
  enum Step: String, CaseIterable { case title, body, importing, exporting }

  /// All orders of the four steps.
  static let orders: [[Step]] = Step.allCases.reduce([[]]) { orders, _ in
    orders.flatMap { order in Step.allCases.filter { !order.contains($0) }.map { order + [$0] } }
  }

  /// requarks/wiki#1734: there a path that changed while a sync ran brought an old copy over the newer text.
  @Test(arguments: orders)
  func aTitleSavedAndABodyPushedReachBothSidesInEveryOrder(order: [Step]) throws {
    let world = try World.agreeing()
    try world.import()
    for step in order {
      switch step {
      case .title: try world.save("s1", "title", "Renamed")
      case .body:
        let path = try #require(try world.repository.paths.first { $0.hasPrefix("skills/") })
        try world.repository.commit { try $0.edit(path, "A body.", "A pushed body.") }
      case .importing: try world.import()
      case .exporting: try world.export()
      }
    }
    try world.sweep()
    #expect(try world.repository.paths == ["skills/renamed.md"])
    #expect(try world.value("title", in: "skills/renamed.md") == "Renamed")
    #expect(try world.body("skills/renamed.md") == "A pushed body.\n")
    let row = try #require(try world.row("s1"))
    #expect(row.title == "Renamed")
    #expect(row.content == "A pushed body.")
    #expect(try world.conflicts().isEmpty, "edits of different fields are no conflict")
    try expectQuiet(world)
  }

  /// The same with one field that both change: whoever is right, the other's text is kept.
  @Test(arguments: orders)
  func twoEditsOfOneBodyEndInOneOnBothSidesAndARecordInEveryOrder(order: [Step]) throws {
    let world = try World.agreeing()
    try world.import()
    for step in order {
      switch step {
      case .title: try world.save("s1", "content", "A saved body.")
      case .body:
        try world.repository.commit {
          let text = try $0.read("skills/alpha.md")
          let end = try #require(text.range(of: "\n---\n"))
          try $0.write("skills/alpha.md", String(text[..<end.upperBound]) + "A pushed body.\n")
        }
      case .importing: try world.import()
      case .exporting: try world.export()
      }
    }
    try world.sweep()
    let row = try #require(try world.row("s1")).content
    #expect(try world.body("skills/alpha.md") == row + "\n")
    #expect(["A saved body.", "A pushed body."].contains(row))
    let other = row == "A saved body." ? "A pushed body." : "A saved body."
    let records = try world.conflicts()
    // Who pushed onto the saved text, or saved over the pushed one, had it in front of them.
    let first = order.first { $0 == .title || $0 == .body }
    let seen = order.firstIndex(of: first == .title ? .exporting : .importing) ?? 0
    let steps = [order.firstIndex(of: .title) ?? 0, order.firstIndex(of: .body) ?? 0].sorted()
    if !(steps[0] < seen && seen < steps[1]) {
      #expect(
        records.contains { [$0.row ?? "", $0.file ?? ""].contains { $0.contains(other) } },
        "\(other) is nowhere: \(records)")
    }
    try expectQuiet(world)
  }
}
