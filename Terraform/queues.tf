# A queue's messages: whether the work succeeds doesn't depend on them, as the outbox and the branch have what is to be
# done. They say when. So what ends in a dead letter queue is a sign that something is wrong, not a loss.

locals {
  # A queue gives a message to nobody else for six times as long as the function may take, as AWS advises.
  queues = local.imports ? {
    events   = 6 * var.skills_to_git.timeout
    webhooks = 6 * var.git_to_skills.timeout
  } : {}
}

resource "aws_sqs_queue" "work" {
  for_each = local.queues

  name                       = "${var.name}-${each.key}"
  visibility_timeout_seconds = each.value
  message_retention_seconds  = 4 * 24 * 60 * 60
  sqs_managed_sse_enabled    = true
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters[each.key].arn
    maxReceiveCount     = 5
  })
  tags = var.tags
}

resource "aws_sqs_queue" "dead_letters" {
  for_each = local.queues

  name                      = "${var.name}-${each.key}-dead-letters"
  message_retention_seconds = 14 * 24 * 60 * 60
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  for_each = local.queues

  queue_url = aws_sqs_queue.dead_letters[each.key].url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.work[each.key].arn]
  })
}

resource "aws_lambda_event_source_mapping" "work" {
  for_each = { for name, function in local.functions : name => function if local.imports }

  event_source_arn        = aws_sqs_queue.work[each.value.queue].arn
  function_name           = aws_lambda_alias.live[each.key].arn
  enabled                 = var.enabled
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  # GitHub advises at most six pushes a minute, and a lease lets one run work at a time: more than the least that Lambda
  # takes here would only wait for each other.
  scaling_config {
    maximum_concurrency = 2
  }
}

# What EventBridge couldn't hand over: to a queue, or to a function.
resource "aws_sqs_queue" "targets_dead_letters" {
  name                      = "${var.name}-targets-dead-letters"
  message_retention_seconds = 14 * 24 * 60 * 60
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue_policy" "targets_dead_letters" {
  queue_url = aws_sqs_queue.targets_dead_letters.url
  policy    = data.aws_iam_policy_document.targets_dead_letters.json
}

data "aws_iam_policy_document" "targets_dead_letters" {
  statement {
    sid       = "DeadLettersOfRules"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.targets_dead_letters.arn]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values = concat(
        [for rule in aws_cloudwatch_event_rule.event : rule.arn],
        [for rule in aws_cloudwatch_event_rule.schedule : rule.arn],
      )
    }
  }
}

resource "aws_sqs_queue_policy" "events" {
  count = local.imports ? 1 : 0

  queue_url = aws_sqs_queue.work["events"].url
  policy    = data.aws_iam_policy_document.events[count.index].json
}

data "aws_iam_policy_document" "events" {
  count = local.imports ? 1 : 0

  statement {
    sid       = "EventsOfRules"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.work["events"].arn]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [for rule in aws_cloudwatch_event_rule.event : rule.arn]
    }
  }
}
