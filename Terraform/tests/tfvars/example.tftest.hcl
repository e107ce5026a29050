# terraform.tfvars.example, given by `-var-file`, as it is but for the zips.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = data.aws_route_tables.default
  values = { ids = ["rtb-0123456789abcdef0"] }
}

override_data {
  target = data.aws_route_tables.internet
  values = { ids = [] }
}

variables {
  artifacts_directory = "tests/zips"
}

run "plans_what_stands_still_at_first" {
  command = plan

  assert {
    condition = (
      alltrue([for function in aws_lambda_function.function : function.runtime == "provided.al2023"]) &&
      alltrue([for rule in aws_cloudwatch_event_rule.schedule : rule.state == "DISABLED"]) &&
      keys(aws_sns_topic_subscription.email) == ["operations@example.com"]
    )
    error_message = "what the file says"
  }
}
