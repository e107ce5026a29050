# Events of the application and of RDS go through the queue: a hundred saves at once are then a few runs, and a run that
# fails is repeated until it doesn't.

locals {
  all_event_rules = {
    skill-events = {
      description = "Skills that the application saved"
      bus         = var.event_bus_name
      pattern = {
        source      = [var.event_source]
        detail-type = ["SkillCreated", "SkillUpdated", "SkillDeleted"]
      }
    }
    # They say nothing about rows: the function then looks at what waits, as it may have failed meanwhile.
    database-events = {
      description = "RDS tells that an instance failed over, came back or was restored"
      bus         = "default"
      pattern = {
        source      = ["aws.rds"]
        detail-type = ["RDS DB Instance Event"]
        detail = merge(
          { EventCategories = ["availability", "failover", "notification", "recovery", "restoration"] },
          length(var.database_instances) == 0 ? {} : { SourceIdentifier = var.database_instances },
        )
      }
    }
  }
  event_rules = { for name, rule in local.all_event_rules : name => rule if local.imports }
}

resource "aws_cloudwatch_event_rule" "event" {
  for_each = local.event_rules

  name           = "${var.name}-${each.key}"
  description    = each.value.description
  event_bus_name = each.value.bus
  event_pattern  = jsonencode(each.value.pattern)
  state          = var.enabled ? "ENABLED" : "DISABLED"
  tags           = var.tags
}

resource "aws_cloudwatch_event_target" "event" {
  for_each = local.event_rules

  rule           = aws_cloudwatch_event_rule.event[each.key].name
  event_bus_name = each.value.bus
  target_id      = "events"
  arn            = aws_sqs_queue.work["events"].arn

  retry_policy {
    maximum_event_age_in_seconds = 24 * 60 * 60
    maximum_retry_attempts       = 185
  }
  dead_letter_config {
    arn = aws_sqs_queue.targets_dead_letters.arn
  }

  depends_on = [aws_sqs_queue_policy.events, aws_sqs_queue_policy.targets_dead_letters]
}

# The schedules compare everything, whatever an event, a webhook or a trigger missed.

locals {
  schedules = {
    for name, schedule in {
      skills-to-git-sweep = { function = "skills-to-git", minutes = var.sweep_minutes, input = null }
      git-to-skills-sweep = { function = "git-to-skills", minutes = var.sweep_minutes, input = null }
      drift               = { function = "skills-to-git", minutes = var.drift_minutes, input = jsonencode({ action = "drift" }) }
    } : name => schedule if contains(keys(local.functions), schedule.function)
  }
}

resource "aws_cloudwatch_event_rule" "schedule" {
  for_each = local.schedules

  name                = "${var.name}-${each.key}"
  description         = "${each.value.input == null ? "Everything is compared and synced" : "How both sides stand is counted"}, by ${each.value.function}"
  schedule_expression = "rate(${each.value.minutes} ${each.value.minutes == 1 ? "minute" : "minutes"})"
  state               = var.enabled ? "ENABLED" : "DISABLED"
  tags                = var.tags
}

resource "aws_cloudwatch_event_target" "schedule" {
  for_each = local.schedules

  rule      = aws_cloudwatch_event_rule.schedule[each.key].name
  target_id = each.value.function
  arn       = aws_lambda_alias.live[each.value.function].arn
  input     = each.value.input

  retry_policy {
    maximum_event_age_in_seconds = 900
    maximum_retry_attempts       = 3
  }
  dead_letter_config {
    arn = aws_sqs_queue.targets_dead_letters.arn
  }

  depends_on = [aws_lambda_permission.schedule, aws_sqs_queue_policy.targets_dead_letters]
}

resource "aws_lambda_permission" "schedule" {
  for_each = local.schedules

  statement_id  = each.key
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function[each.value.function].function_name
  qualifier     = aws_lambda_alias.live[each.value.function].name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.schedule[each.key].arn
}
