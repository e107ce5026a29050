// swift-tools-version: 6.2
import PackageDescription

// A package of its own: nothing that only a measurement needs becomes a dependency of the project.
let package = Package(
  name: "bench-skill-files",
  dependencies: [
    .package(name: "git-backed-skills", path: "../.."),
    // What is measured against: libyaml with a Swift interface.
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .executableTarget(
      name: "bench-files",
      dependencies: [.product(name: "SkillFiles", package: "git-backed-skills"), "Yams"])
  ],
  swiftLanguageModes: [.v6]
)
