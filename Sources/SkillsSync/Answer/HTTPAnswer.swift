import SkillsCore

/// An HTTP answer as API Gateway and function URLs take it from Lambda
/// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
struct HTTPAnswer: Encodable {
  var statusCode: Int
  var headers = ["content-type": "application/json"]
  var body: String
  var isBase64Encoded = false

  init(status: Int, body: String) {
    statusCode = status
    self.body = body
  }

  init(status: Int, message: String) {
    self.init(status: status, body: text(["message": message]))
  }

  init(status: Int, error: RunError) {
    self.init(status: status, body: text(["errorType": error.type, "errorMessage": error.message]))
  }
}

private func text(_ members: [String: String]) -> String {
  // Encoding strings can't fail.
  (try? JSON.text(members)) ?? "{}"
}
