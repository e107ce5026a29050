import SkillsCore

extension Situation {
  /// Every situation that can be reached, each kind of edit standing for its like.
  static let all: [Situation] = bases.flatMap { base in
    rows.flatMap { row in files.flatMap { file in settings(base, row, file) } }
  }

  /// All settings that could make a difference to these three.
  private static func settings(_ base: Base?, _ row: Row?, _ file: File?) -> [Situation] {
    let bothEdited =
      row.map { $0.values != base?.values } == true && file.map { $0.values != base?.values } == true
    let bodiesEdited =
      row.map { $0.values.body } != base?.values.body && file.map { $0.values.body } != base?.values.body
    return ConflictPolicy.allCases.flatMap { policy in
      (file == nil ? GitDeletePolicy.allCases : [.archive]).flatMap { deletePolicy in
        (bothEdited ? [false, true] : [false]).flatMap { rowIsNewer in
          (bothEdited && bodiesEdited ? [false, true] : [false]).map { linesOverlap in
            Situation(
              base: base, row: row, file: file, policy: policy, deletePolicy: deletePolicy,
              rowIsNewer: rowIsNewer,
              linesOverlap: linesOverlap)
          }
        }
      }
    }
  }

  private static let agreed = SkillValues(
    title: "Code Review", body: "Read it twice.", categories: ["engineering"],
    owners: [Owner(name: "Ann", email: "ann@example.com", userID: nil)],
    sources: [Source(members: ["url": .string("https://example.com/review")])])

  /// What the skill said before the last import, or so.
  private static let former = edited { $0.body = "Read it once." }

  /// Edits of a skill, one field each and all at once; those that come twice differ, so that they overlap.
  private static let edits: [SkillValues] = [
    former,
    edited { $0.title = "Code Reviews" },
    edited { $0.title = "Reviewing Code" },
    edited { $0.body = "Read it thrice." },
    edited { $0.categories.append("quality") },
    edited { $0.tier = "core" },
    edited { $0.owners = [] },
    edited { $0.sources = [] },
    edited { $0.active = false },
    edited {
      $0 = SkillValues(
        title: "Another", body: "Everything else.", categories: ["x"], tier: "core", active: false)
    },
  ]

  private static func edited(_ edit: (inout SkillValues) -> Void) -> SkillValues {
    var values = agreed
    edit(&values)
    return values
  }

  private static let bases: [Base?] = [
    nil,
    Base(path: "skills/code-review.md", blob: "b0", values: agreed),
    Base(path: "skills/code-review.md", blob: "b0", values: agreed, previousValues: former),
    Base(path: "skills/code-review.md", blob: "b0", values: agreed, state: .tombstone),
    Base(
      path: "skills/code-review.md", blob: "b0", values: agreed, previousValues: former, state: .tombstone),
  ]

  private static let rows: [Row?] =
    [nil]
    + ([agreed] + edits).flatMap { values in
      [Publication.published, .draft, .archived].map { Row(values: values, publication: $0) }
    }

  private static let files: [File?] =
    [
      nil,
      File(path: "skills/code-review.md", blob: "b0", values: agreed),
      File(path: "skills/moved.md", blob: "b0", values: agreed),
      File(path: "skills/code-review.md", blob: "b1", values: agreed),
      File(path: "skills/moved.md", blob: "b1", values: agreed),
    ]
    + edits.enumerated().flatMap { index, values in
      ["skills/code-review.md", "skills/moved.md"].map {
        File(path: $0, blob: "b\(index + 2)", values: values)
      }
    }
}
