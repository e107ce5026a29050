// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    // An async function runs where its caller runs: connections and repositories stay on one task.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  ]
  // Set by CI only, so that a newer compiler's new warning never stops a user's build.
  + (Context.environment["WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)])

let package = Package(
  name: "git-backed-skills",
  products: [
    .executable(name: "skills-to-git", targets: ["skills-to-git"]),
    .executable(name: "git-to-skills", targets: ["git-to-skills"]),
    .library(name: "LambdaRuntime", targets: ["LambdaRuntime"]),
    // For bench/ only: its interface may change at any time.
    .library(name: "SkillFiles", targets: ["SkillFiles"]),
  ],
  dependencies: [
    // Commands, help texts and usage errors; never touched when Lambda starts the process.
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    // The logging interface that Swift servers share; our handlers write JSON in Lambda.
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    // Starts git: no shell, whole process groups ended, pipes read while the child runs. Without
    // its Foundation trait, which would bring full Foundation into the executables.
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
    // The file descriptors and paths of swift-subprocess's interface; it depends on it anyway.
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
  ],
  targets: [
    // C libraries: the module map and what Swift can't call itself, nothing else.
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CGlibc"),

    // Pure: no file, socket, clock or environment.
    .target(name: "SkillFiles", swiftSettings: strict),
    .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: strict),
    .target(
      name: "SkillsCore", dependencies: ["SkillFiles", "Cryptography"], swiftSettings: strict),

    // Where tests stop or kill a run; empty in a release build.
    .target(
      name: "Failpoints",
      swiftSettings: strict + [.define("FAILPOINTS", .when(configuration: .debug))]),

    // What a static executable must tell glibc first of all.
    .target(name: "NameServices", dependencies: ["CGlibc"], swiftSettings: strict),

    // The edges: each wraps one thing outside and knows nothing of skills.
    .target(name: "HTTP", dependencies: ["CCurl"], swiftSettings: strict),
    .target(
      name: "LambdaRuntime",
      dependencies: ["Failpoints", "HTTP", .product(name: "Logging", package: "swift-log")],
      swiftSettings: strict),
    .target(name: "AWS", dependencies: ["HTTP"], swiftSettings: strict),
    .target(name: "GitHub", dependencies: ["HTTP", "Cryptography"], swiftSettings: strict),
    .target(name: "Postgres", dependencies: ["CPostgres", "Failpoints"], swiftSettings: strict),
    .target(
      name: "Git",
      dependencies: [
        "Cryptography", "Failpoints",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),

    // The shell: reads both sides, asks the core, carries out what it decides, records it.
    .target(
      name: "SkillsSync",
      dependencies: [
        "SkillsCore", "Postgres", "Git", "GitHub", "AWS", "HTTP", "Cryptography", "LambdaRuntime",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    // Executables: one file a command.
    .executableTarget(
      name: "skills-to-git",
      dependencies: [
        "NameServices", "SkillsSync",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "git-to-skills",
      dependencies: [
        "NameServices", "SkillsSync",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),
    // Tests mirror Sources. `lambda-echo` is the function that the runtime's tests run.
    .executableTarget(
      name: "lambda-echo",
      dependencies: ["LambdaRuntime", .product(name: "Logging", package: "swift-log")],
      path: "Tests/EchoFunction", swiftSettings: strict),
    .testTarget(
      name: "SkillFilesTests", dependencies: ["SkillFiles", "SeededRandom"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "SkillsCoreTests", dependencies: ["SkillsCore", "SkillFiles", "Cryptography", "SeededRandom"],
      swiftSettings: strict),
    .testTarget(
      name: "LambdaRuntimeTests",
      dependencies: [
        "HTTP", "LambdaRuntime", "lambda-echo", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(name: "PostgresTests", dependencies: ["Postgres", "CPostgres"], swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Cryptography", "HTTP", "Postgres"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(name: "GitHubTests", dependencies: ["GitHub", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "AWSTests", dependencies: ["AWS", "HTTP", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "IntegrationTests",
      dependencies: ["TestSupport", "SeededRandom", "Postgres", "skills-to-git", "git-to-skills"],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["TestSupport", "Postgres", "skills-to-git", "git-to-skills"], exclude: ["Snapshots"],
      swiftSettings: strict),
    .testTarget(
      name: "SandboxTests", dependencies: ["TestSupport", "Postgres"], swiftSettings: strict),
    .testTarget(
      name: "GitTests",
      dependencies: [
        "Git", "SeededRandom", "TestSupport",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// Needs the compiler's libFuzzer, so it is there for `make fuzz` alone.
if Context.environment["FUZZING"] != nil {
  package.targets += [
    .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzz/CLibFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "CLibFuzzer", "SkillFiles", "SkillsCore", "Cryptography", "Git", "HTTP", "LambdaRuntime", "Postgres",
      ],
      path: "Tests/Fuzz",
      exclude: ["CLibFuzzer", "README.md", "fuzz"], swiftSettings: strict),
  ]
}
