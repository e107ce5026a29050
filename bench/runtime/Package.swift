// swift-tools-version: 6.2
import PackageDescription

// A package of its own: nothing that only a measurement needs becomes a part of the project.
let package = Package(
  name: "bench-runtime",
  dependencies: [
    .package(name: "git-backed-skills", path: "../.."),
    // What LambdaRuntime logs through.
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
  ],
  targets: [
    .executableTarget(
      name: "noop",
      dependencies: [
        .product(name: "LambdaRuntime", package: "git-backed-skills"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .executableTarget(name: "bench-runtime"),
  ],
  swiftLanguageModes: [.v6]
)
