# Each alarm's name ends in its key here, which is also the heading of its runbook. What an entry doesn't say is in
# `usual_alarm`. Of a metric that both functions write, the highest value counts.
#
# Gauges (the age of what waits, how much is held) are written at the end of each run, so at least at each sweep.

locals {
  usual_alarm = {
    namespace = "GitBackedSkills"
    dimension = "Function"
    statistic = "Maximum"
    above     = 0
    period    = 300
    of        = [1, 1] # how many of how many periods
    missing   = "notBreaching"
  }

  names  = [for name in keys(local.functions) : "${var.name}-${name}"]
  export = ["${var.name}-skills-to-git"]
  import = ["${var.name}-git-to-skills"]

  # Of gauges: in each there is a value.
  gauge_period = max(300, 60 * var.sweep_minutes)

  alarms = merge(
    {
      for function in keys(local.functions) : "${function}-errors" => {
        says      = "Runs of ${function} end with an error, or have too little time."
        namespace = "AWS/Lambda"
        dimension = "FunctionName"
        metric    = "Errors"
        from      = ["${var.name}-${function}"]
        statistic = "Sum"
      }
    },
    {
      for function in keys(local.functions) : "${function}-throttles" => {
        says      = "Lambda starts no more runs of ${function}: its reserved concurrency or the account's is used up."
        namespace = "AWS/Lambda"
        dimension = "FunctionName"
        metric    = "Throttles"
        from      = ["${var.name}-${function}"]
        statistic = "Sum"
      }
    },
    {
      for queue, says in {
        events   = "Events of the application couldn't be worked off in five tries."
        webhooks = "Pushes that webhooks told of couldn't be imported in five tries."
        targets  = "EventBridge couldn't hand events to the queue or to a function."
        } : "${queue}-dead-letters" => {
        says      = says
        namespace = "AWS/SQS"
        dimension = "QueueName"
        metric    = "ApproximateNumberOfMessagesVisible"
        from      = ["${var.name}-${queue}-dead-letters"]
      } if queue == "targets" || local.imports
    },
    {
      # Probes of a rule are up to an hour apart: the alarm looks back for longer, or it would come and go.
      refused-pushes = {
        says      = "A rule of the repository refuses pushes: what is saved doesn't reach git."
        metric    = "RefusedPushes"
        from      = local.export
        statistic = "Sum"
        of        = [1, 15]
      }
      # What was saved a moment ago is no drift in the next check. Between checks nobody knows.
      drift = {
        says    = "Rows and files differ in two checks, one after the other."
        metric  = "Drift"
        from    = local.export
        period  = 60 * var.drift_minutes
        of      = [2, 2]
        missing = "ignore"
      }
      # The metric is missing while nothing waits.
      oldest-change = {
        says   = "A saved change has waited for more than 15 minutes to reach git."
        metric = "OldestChangeAge"
        from   = local.names
        above  = 900
        period = local.gauge_period
      }
      # Without any run there is no value, and that is worse than a high one.
      imported-tip-age = {
        says    = "For more than an hour no run has seen that the branch's newest commit is imported."
        metric  = "ImportedTipAge"
        from    = local.names
        above   = 3600
        period  = local.gauge_period
        of      = [3, 3]
        missing = var.enabled ? "breaching" : "notBreaching"
      }
      # They stay held, whether or not there are runs to say so.
      held-deletions = {
        says    = "More skills would be deleted than anybody may have meant: they wait until a person confirms them."
        metric  = "HeldDeletions"
        from    = local.names
        period  = local.gauge_period
        missing = "ignore"
      }
    },
    {
      for name, alarm in {
        export-lag = {
          says   = "A saved change took more than 30 seconds to its commit on the branch."
          metric = "ExportLag"
          from   = local.names
          above  = 30
          period = 60
        }
        # The lag counts from the committer's clock, and many a commit is pushed long after it was made. So one late
        # import tells nothing, and three within an hour do.
        import-lag = {
          says   = "Pushed files took more than 30 seconds to their rows, three times in an hour."
          metric = "ImportLag"
          from   = local.names
          above  = 30
          period = 60
          of     = [3, 60]
        }
        # GitHub doesn't deliver a webhook a second time by itself.
        webhook-errors = {
          says      = "GitHub's webhooks are answered with an error of ours: the function can't be invoked, or fails."
          namespace = "AWS/ApiGateway"
          dimension = "ApiName"
          metric    = "5XXError"
          from      = aws_api_gateway_rest_api.webhook[*].name
          statistic = "Sum"
        }
        rejected-webhooks = {
          says      = "Five webhooks or more were refused within five minutes: another secret on GitHub, or somebody who tries."
          metric    = "RejectedWebhooks"
          from      = local.import
          statistic = "Sum"
          above     = 4
        }
        # With a schedule alone, a change comes as late as the schedule: there `oldest-change` tells.
      } : name => alarm if local.imports
    },
  )
}

resource "aws_cloudwatch_metric_alarm" "alarm" {
  for_each = { for name, alarm in local.alarms : name => merge(local.usual_alarm, alarm) }

  alarm_name        = "${var.name}-${each.key}"
  alarm_description = "${each.value.says} What to do: ${var.runbook_url}#${each.key}"
  actions_enabled   = var.enabled
  alarm_actions     = local.alarm_actions
  ok_actions        = local.alarm_actions
  tags              = var.tags

  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.above
  datapoints_to_alarm = each.value.of[0]
  evaluation_periods  = each.value.of[1]
  treat_missing_data  = each.value.missing

  # An alarm has one metric, or an expression over several.
  namespace   = length(each.value.from) == 1 ? each.value.namespace : null
  metric_name = length(each.value.from) == 1 ? each.value.metric : null
  dimensions  = length(each.value.from) == 1 ? { (each.value.dimension) = each.value.from[0] } : null
  statistic   = length(each.value.from) == 1 ? each.value.statistic : null
  period      = length(each.value.from) == 1 ? each.value.period : null

  dynamic "metric_query" {
    for_each = length(each.value.from) == 1 ? [] : ["highest"]
    content {
      id          = "highest"
      label       = each.value.metric
      expression  = "MAX(METRICS())"
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = length(each.value.from) == 1 ? [] : each.value.from
    content {
      id = "of${metric_query.key}"
      metric {
        namespace   = each.value.namespace
        metric_name = each.value.metric
        dimensions  = { (each.value.dimension) = metric_query.value }
        stat        = each.value.statistic
        period      = each.value.period
      }
    }
  }
}

locals {
  alarm_actions = var.alarm_actions == null ? [aws_sns_topic.notices.arn] : var.alarm_actions
}
