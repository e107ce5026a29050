resource "aws_lambda_layer_version" "git" {
  layer_name  = "${var.name}-git"
  description = "git for both functions"

  s3_bucket        = aws_s3_object.artifact["git-layer"].bucket
  s3_key           = aws_s3_object.artifact["git-layer"].key
  source_code_hash = filebase64sha256("${var.artifacts_directory}/git-layer.zip")

  compatible_runtimes      = ["provided.al2", "provided.al2023"]
  compatible_architectures = ["x86_64"]
}

resource "aws_lambda_function" "function" {
  for_each = local.functions

  function_name = "${var.name}-${each.key}"
  description   = each.value.description
  role          = aws_iam_role.function[each.key].arn
  tags          = var.tags

  s3_bucket        = aws_s3_object.artifact[each.key].bucket
  s3_key           = aws_s3_object.artifact[each.key].key
  source_code_hash = filebase64sha256("${var.artifacts_directory}/${each.key}.zip")
  publish          = true

  runtime       = var.lambda_runtime
  handler       = "bootstrap"
  architectures = ["x86_64"]
  layers = concat(
    [aws_lambda_layer_version.git.arn],
    var.database_ca_layer_arn == null ? [] : [var.database_ca_layer_arn],
  )

  timeout                        = each.value.timeout
  memory_size                    = each.value.memory
  reserved_concurrent_executions = coalesce(each.value.reserved_concurrency, -1)
  ephemeral_storage {
    size = each.value.storage
  }

  environment {
    variables = merge(
      var.settings, local.environment, each.key == "git-to-skills" ? local.webhook_environment : {}
    )
  }

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.functions.id]
  }

  dynamic "file_system_config" {
    for_each = var.efs == null ? [] : [var.efs]
    content {
      arn              = file_system_config.value.access_point_arn
      local_mount_path = "/mnt/skills"
    }
  }

  logging_config {
    log_group  = aws_cloudwatch_log_group.function[each.key].name
    log_format = "JSON"
    # All lines pass: the function's own LOG_LEVEL says which there are.
    application_log_level = "TRACE"
    system_log_level      = "INFO"
  }

  # Lambda asks for these rights when it makes the function; without the rules, its first run would find no way out.
  depends_on = [
    aws_iam_role_policy.function,
    aws_vpc_security_group_egress_rule.database_security_group,
    aws_vpc_security_group_egress_rule.database_addresses,
    aws_vpc_security_group_egress_rule.https,
    aws_vpc_security_group_egress_rule.dns,
    aws_vpc_security_group_egress_rule.efs,
  ]
}

# A warning, as the functions run on it all the same.
check "runtime" {
  assert {
    condition     = var.lambda_runtime != "provided.al2"
    error_message = "provided.al2 is deprecated: from 2027-03-03 on AWS updates no function on it. The zips run on provided.al2023 as they are."
  }
}

locals {
  environment = merge(
    {
      DATABASE_URL    = local.secrets["database-url"]
      GITHUB_REPO     = var.github_repository
      SYNC_DIRECTION  = var.direction
      ALERT_TOPIC_ARN = aws_sns_topic.notices.arn
    },
    var.github_app == null ? {
      GITHUB_TOKEN = local.secrets["github-token"]
      } : {
      GITHUB_APP_ID              = var.github_app.id
      GITHUB_APP_INSTALLATION_ID = var.github_app.installation_id
      GITHUB_APP_PRIVATE_KEY     = local.secrets["github-app-private-key"]
    },
    var.database_ca_layer_arn == null ? {} : { DATABASE_CA_FILE = var.database_ca_file },
    var.efs == null ? {} : { WORK_DIRECTORY = "/mnt/skills" },
  )

  webhook_environment = local.imports ? {
    GITHUB_WEBHOOK_SECRET = local.secrets["webhook-secret"]
    WEBHOOK_QUEUE_URL     = aws_sqs_queue.work["webhooks"].url
  } : {}
}

# What everything else invokes. A deploy moves it to the version that it publishes; a rollback is the number of an
# older one, which later applies keep.
resource "aws_lambda_alias" "live" {
  for_each = local.functions

  name             = "live"
  description      = "What runs"
  function_name    = aws_lambda_function.function[each.key].function_name
  function_version = coalesce(each.value.version, aws_lambda_function.function[each.key].version)
}

# For the schedules. One that failed isn't tried again, nor kept: the next does the same work minutes later, and the
# alarm on errors tells.
resource "aws_lambda_function_event_invoke_config" "live" {
  for_each = local.functions

  function_name                = aws_lambda_function.function[each.key].function_name
  qualifier                    = aws_lambda_alias.live[each.key].name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = 900
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}
