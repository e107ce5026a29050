# With direction `export`.

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
  direction                  = "export"
  github_repository          = "owner/name"
  artifacts_directory        = "tests/zips"
  lambda_runtime             = "provided.al2023"
  vpc_id                     = "vpc-0123456789abcdef0"
  subnet_ids                 = ["subnet-0123456789abcdef0"]
  database_security_group_id = "sg-0123456789abcdef0"
}

run "one_function_and_its_schedules" {
  command = plan

  assert {
    condition = (
      keys(aws_lambda_function.function) == ["skills-to-git"] &&
      keys(aws_cloudwatch_event_rule.schedule) == ["drift", "skills-to-git-sweep"] &&
      keys(aws_secretsmanager_secret.secret) == ["database-url", "github-token"]
    )
    error_message = "functions, schedules, secrets"
  }

  assert {
    condition = (
      length(aws_sqs_queue.work) + length(aws_cloudwatch_event_rule.event) + length(aws_lambda_event_source_mapping.work) +
      length(aws_api_gateway_rest_api.webhook) + length(aws_api_gateway_stage.webhook) == 0
    )
    error_message = "no queues, no webhook"
  }

  assert {
    condition     = output.webhook_url == null
    error_message = "no URL either"
  }
}

run "no_alarm_of_what_is_not_there" {
  command = plan

  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.alarm)) == toset([
      "drift", "held-deletions", "imported-tip-age", "oldest-change", "refused-pushes", "skills-to-git-errors",
      "skills-to-git-throttles", "targets-dead-letters",
    ])
    error_message = "alarms"
  }
}
