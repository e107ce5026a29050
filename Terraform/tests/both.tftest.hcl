# Both directions, with as little said as can be.

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
  github_repository          = "owner/name"
  artifacts_directory        = "tests/zips"
  lambda_runtime             = "provided.al2023"
  vpc_id                     = "vpc-0123456789abcdef0"
  subnet_ids                 = ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]
  database_security_group_id = "sg-0123456789abcdef0"
}

run "functions_are_as_the_document_has_them" {
  command = plan

  assert {
    condition = (
      keys(aws_lambda_function.function) == ["git-to-skills", "skills-to-git"] &&
      aws_lambda_function.function["skills-to-git"].function_name == "transparent-trust-skills-to-git" &&
      aws_lambda_function.function["git-to-skills"].function_name == "transparent-trust-git-to-skills"
    )
    error_message = "names"
  }

  assert {
    condition = (
      [for name in ["skills-to-git", "git-to-skills"] : aws_lambda_function.function[name].timeout] == [60, 120] &&
      [for name in ["skills-to-git", "git-to-skills"] : aws_lambda_function.function[name].memory_size] == [512, 1024]
    )
    error_message = "timeouts and memory"
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.function :
      function.runtime == "provided.al2023" && function.handler == "bootstrap" && function.publish &&
      function.reserved_concurrent_executions == -1 &&
      one(function.logging_config).log_format == "JSON" &&
      toset(one(function.vpc_config).subnet_ids) == toset(var.subnet_ids)
    ])
    error_message = "runtime, handler, versions, logs and network"
  }
}

run "the_runtime_of_the_document_is_the_default_and_warned_of" {
  command = plan

  variables {
    lambda_runtime = null
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.function : function.runtime == "provided.al2"])
    error_message = "runtime"
  }

  expect_failures = [check.runtime]
}

run "a_queue_outlasts_the_function_and_gives_up_into_its_own_dead_letters" {
  command = plan

  assert {
    condition = (
      aws_sqs_queue.work["events"].visibility_timeout_seconds == 6 * 60 &&
      aws_sqs_queue.work["webhooks"].visibility_timeout_seconds == 6 * 120
    )
    error_message = "six times the function's timeout"
  }

  assert {
    condition     = keys(aws_sqs_queue.dead_letters) == keys(aws_sqs_queue.work)
    error_message = "each has its own"
  }

  assert {
    condition = alltrue([
      for mapping in aws_lambda_event_source_mapping.work :
      mapping.function_response_types == toset(["ReportBatchItemFailures"]) &&
      one(mapping.scaling_config).maximum_concurrency == 2 && mapping.enabled
    ])
    error_message = "partial batches, and two runs at a time"
  }
}

run "a_longer_timeout_makes_the_queue_wait_longer" {
  command = plan

  variables {
    skills_to_git = { timeout = 300 }
  }

  assert {
    condition     = aws_sqs_queue.work["events"].visibility_timeout_seconds == 1800
    error_message = "six times the function's timeout"
  }
}

run "rules_take_what_the_application_and_rds_send" {
  command = plan

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.event["skill-events"].event_pattern) == {
      source      = ["transparent-trust.skills"]
      detail-type = ["SkillCreated", "SkillUpdated", "SkillDeleted"]
    }
    error_message = "the application's events"
  }

  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.event["database-events"].event_pattern).source == ["aws.rds"] &&
      jsondecode(aws_cloudwatch_event_rule.event["database-events"].event_pattern).detail-type == ["RDS DB Instance Event"] &&
      !contains(keys(jsondecode(aws_cloudwatch_event_rule.event["database-events"].event_pattern).detail), "SourceIdentifier")
    )
    error_message = "RDS's events, of any instance"
  }

  assert {
    condition = (
      { for name, rule in aws_cloudwatch_event_rule.schedule : name => rule.schedule_expression } == {
        drift               = "rate(60 minutes)"
        git-to-skills-sweep = "rate(5 minutes)"
        skills-to-git-sweep = "rate(5 minutes)"
      } &&
      jsondecode(aws_cloudwatch_event_target.schedule["drift"].input) == { action = "drift" } &&
      aws_cloudwatch_event_target.schedule["skills-to-git-sweep"].input == null
    )
    error_message = "schedules"
  }

  assert {
    condition = alltrue([
      for target in concat(values(aws_cloudwatch_event_target.event), values(aws_cloudwatch_event_target.schedule)) :
      length(target.retry_policy) == 1 && length(target.dead_letter_config) == 1
    ])
    error_message = "each target is tried again, and has dead letters"
  }
}

run "other_sources_buses_instances_and_intervals" {
  command = plan

  variables {
    event_source       = "other.skills"
    event_bus_name     = "skills"
    database_instances = ["skills-1"]
    sweep_minutes      = 1
    drift_minutes      = 30
  }

  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.event["skill-events"].event_pattern).source == ["other.skills"] &&
      aws_cloudwatch_event_rule.event["skill-events"].event_bus_name == "skills" &&
      aws_cloudwatch_event_target.event["skill-events"].event_bus_name == "skills" &&
      aws_cloudwatch_event_rule.event["database-events"].event_bus_name == "default" &&
      jsondecode(aws_cloudwatch_event_rule.event["database-events"].event_pattern).detail.SourceIdentifier == ["skills-1"]
    )
    error_message = "only RDS stays on the default bus"
  }

  assert {
    condition = (
      aws_cloudwatch_event_rule.schedule["skills-to-git-sweep"].schedule_expression == "rate(1 minute)" &&
      aws_cloudwatch_metric_alarm.alarm["drift"].period == 1800 &&
      aws_cloudwatch_metric_alarm.alarm["drift"].evaluation_periods == 2
    )
    error_message = "an alarm's period is that of what it waits for"
  }
}

run "every_alarm_of_the_document_and_more" {
  command = plan

  assert {
    condition = alltrue([
      for name, alarm in aws_cloudwatch_metric_alarm.alarm :
      alarm.alarm_name == "transparent-trust-${name}" && endswith(alarm.alarm_description, " docs/runbooks.md#${name}") && alarm.actions_enabled
    ])
    error_message = "each leads to its runbook"
  }

  assert {
    condition = {
      for name, alarm in aws_cloudwatch_metric_alarm.alarm :
      name => "over ${alarm.threshold} in ${alarm.datapoints_to_alarm} of ${alarm.evaluation_periods}, missing ${alarm.treat_missing_data}"
      } == {
      drift                   = "over 0 in 2 of 2, missing ignore"
      events-dead-letters     = "over 0 in 1 of 1, missing notBreaching"
      export-lag              = "over 30 in 1 of 1, missing notBreaching"
      git-to-skills-errors    = "over 0 in 1 of 1, missing notBreaching"
      git-to-skills-throttles = "over 0 in 1 of 1, missing notBreaching"
      held-deletions          = "over 0 in 1 of 1, missing ignore"
      import-lag              = "over 30 in 3 of 60, missing notBreaching"
      imported-tip-age        = "over 3600 in 3 of 3, missing breaching"
      oldest-change           = "over 900 in 1 of 1, missing notBreaching"
      refused-pushes          = "over 0 in 1 of 15, missing notBreaching"
      rejected-webhooks       = "over 4 in 1 of 1, missing notBreaching"
      skills-to-git-errors    = "over 0 in 1 of 1, missing notBreaching"
      skills-to-git-throttles = "over 0 in 1 of 1, missing notBreaching"
      targets-dead-letters    = "over 0 in 1 of 1, missing notBreaching"
      webhook-errors          = "over 0 in 1 of 1, missing notBreaching"
      webhooks-dead-letters   = "over 0 in 1 of 1, missing notBreaching"
    }
    error_message = "how long each waits"
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.alarm : alarm.comparison_operator == "GreaterThanThreshold" && (
        alarm.metric_name != null ? length(alarm.metric_query) == 0 : length(alarm.metric_query) == 3
      )
    ])
    error_message = "one metric, or the highest of both functions'"
  }
}

run "egress_to_the_database_and_https_and_nothing_else" {
  command = plan

  assert {
    condition = (
      one(aws_vpc_security_group_egress_rule.database_security_group).from_port == 5432 &&
      one(aws_vpc_security_group_egress_rule.database_security_group).to_port == 5432 &&
      one(aws_vpc_security_group_egress_rule.database_security_group).referenced_security_group_id == var.database_security_group_id &&
      aws_vpc_security_group_egress_rule.https.from_port == 443 && aws_vpc_security_group_egress_rule.https.to_port == 443
    )
    error_message = "5432 and 443"
  }

  assert {
    condition = (
      length(aws_vpc_security_group_egress_rule.database_addresses) + length(aws_vpc_security_group_egress_rule.dns) +
      length(aws_vpc_security_group_egress_rule.efs) + length(aws_vpc_endpoint.service) +
      length(aws_vpc_security_group_ingress_rule.endpoints) == 0
    )
    error_message = "nothing that wasn't asked for"
  }
}

run "resolvers_of_ones_own_and_endpoints" {
  command = plan

  variables {
    dns_cidr_blocks = ["10.0.0.2/32", "10.0.1.2/32"]
    vpc_endpoints   = true
  }

  assert {
    condition = [for rule in aws_vpc_security_group_egress_rule.dns : "${rule.ip_protocol} ${rule.cidr_ipv4} ${rule.from_port}"] == [
      "udp 10.0.0.2/32 53", "tcp 10.0.0.2/32 53", "udp 10.0.1.2/32 53", "tcp 10.0.1.2/32 53",
    ]
    error_message = "DNS"
  }

  assert {
    condition = (
      [for endpoint in aws_vpc_endpoint.service : endpoint.service_name] == [
        "com.amazonaws.eu-central-1.secretsmanager", "com.amazonaws.eu-central-1.sns", "com.amazonaws.eu-central-1.sqs",
      ] &&
      one(aws_vpc_security_group_ingress_rule.endpoints).from_port == 443
    )
    error_message = "endpoints"
  }
}

run "an_app_in_place_of_a_token" {
  command = plan

  variables {
    github_app = { id = "Iv1.0123456789abcdef", installation_id = "7890123" }
  }

  assert {
    condition     = keys(aws_secretsmanager_secret.secret) == ["database-url", "github-app-private-key", "webhook-secret"]
    error_message = "its key is the secret"
  }
}

run "secrets_that_are_there_already" {
  command = plan

  variables {
    secret_arns = {
      database_url   = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:app/database-AbCdEf#DATABASE_URL"
      github_token   = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:github-AbCdEf"
      webhook_secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:webhook-AbCdEf"
    }
    secrets_kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  }

  assert {
    condition     = length(aws_secretsmanager_secret.secret) == 0
    error_message = "none is made"
  }

  assert {
    condition     = output.secret_arns["database-url"] == var.secret_arns.database_url
    error_message = "they are used as given"
  }
}

run "a_rollback_is_the_number_of_a_version" {
  command = plan

  variables {
    skills_to_git = { version = "3" }
  }

  assert {
    condition     = aws_lambda_alias.live["skills-to-git"].function_version == "3"
    error_message = "the alias stays where it was put"
  }
}

run "nothing_runs_and_nobody_is_told_before_it_is_enabled" {
  command = plan

  variables {
    enabled = false
  }

  assert {
    condition = alltrue(concat(
      [for rule in concat(values(aws_cloudwatch_event_rule.event), values(aws_cloudwatch_event_rule.schedule)) : rule.state == "DISABLED"],
      [for mapping in aws_lambda_event_source_mapping.work : !mapping.enabled],
      [for alarm in aws_cloudwatch_metric_alarm.alarm : !alarm.actions_enabled],
      [aws_cloudwatch_metric_alarm.alarm["imported-tip-age"].treat_missing_data == "notBreaching"],
    ))
    error_message = "rules, queues and alarms"
  }
}
