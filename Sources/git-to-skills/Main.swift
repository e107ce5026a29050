import NameServices
import SkillsSync

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@main
enum Main {
  static func main() async {
    useBuiltInNameServices()
    // Lambda starts the executable without arguments: the loop is entered before the command line's parser is touched.
    guard let runtimeAPI = getenv("AWS_LAMBDA_RUNTIME_API").map({ String(cString: $0) }) else {
      return await GitToSkills.main()
    }
    let status = await runInLambda(name: "git-to-skills", runtimeAPI: runtimeAPI) {
      session, event, deadline, progress in
      try await GitToSkillsFunction(session: session).answer(event, deadline: deadline, progress: progress)
    }
    exit(status)
  }
}
