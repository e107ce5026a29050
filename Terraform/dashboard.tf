# What the functions say of themselves (docs/signals.md), and what AWS does. A widget is `width` of 24 columns wide.

locals {
  # A gauge of each function, with the functions' names as labels.
  gauges = {
    for metric in ["OutboxSize", "OldestChangeAge", "ImportedTipAge"] :
    metric => [for name in local.names : ["GitBackedSkills", metric, "Function", name, { stat = "Maximum", label = name }]]
  }
  percentiles = ["p50", "p90", "p99"]

  widgets = concat(
    [
      {
        title  = "Last syncs"
        type   = "log"
        width  = 12
        height = 6
        properties = {
          view = "table"
          query = join(" | ", concat(
            [for group in aws_cloudwatch_log_group.function : "SOURCE '${group.name}'"],
            [
              "fields @timestamp, function, message, operation, outcome, skills, path, commit",
              "filter message in ['pushed', 'exported', 'imported']",
              "sort @timestamp desc",
              "limit 20",
            ],
          ))
        }
      },
      {
        title  = "Since the branch was last seen imported (s)"
        width  = 6
        height = 6
        properties = {
          view    = "timeSeries"
          metrics = local.gauges["ImportedTipAge"]
        }
      },
      {
        title  = "Skills in the database and in git"
        width  = 6
        height = 6
        properties = {
          view   = "timeSeries"
          period = 60 * var.drift_minutes
          stat   = "Maximum"
          metrics = [
            ["GitBackedSkills", "SkillsInDatabase", "Function", local.export[0], { label = "in the database" }],
            ["GitBackedSkills", "SkillsInGit", "Function", local.export[0], { label = "in git" }],
            ["GitBackedSkills", "Drift", "Function", local.export[0], { label = "not in sync", yAxis = "right" }],
          ]
        }
      },
      {
        title  = "Saved changes that wait"
        width  = 6
        height = 6
        properties = {
          view    = "timeSeries"
          metrics = local.gauges["OutboxSize"]
        }
      },
      {
        title  = "Age of the oldest of them (s)"
        width  = 6
        height = 6
        properties = {
          view    = "timeSeries"
          metrics = local.gauges["OldestChangeAge"]
        }
      },
      {
        title  = "Messages in queues"
        width  = 6
        height = 6
        properties = {
          view = "timeSeries"
          stat = "Maximum"
          metrics = [
            for queue in concat(
              [for queue in aws_sqs_queue.work : queue.name],
              [for queue in aws_sqs_queue.dead_letters : queue.name],
              [aws_sqs_queue.targets_dead_letters.name],
            ) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue, { label = queue }]
          ]
        }
      },
      {
        title  = "What waits for a person"
        width  = 6
        height = 6
        properties = {
          view = "timeSeries"
          metrics = [
            for metric in ["OpenConflicts", "FailedSkills", "HeldDeletions", "RefusedPushes"] :
            ["GitBackedSkills", metric, "Function", local.export[0], { stat = "Maximum", label = metric }]
          ]
        }
      },
      {
        title  = "Runs that failed (%)"
        width  = 8
        height = 6
        properties = {
          view = "timeSeries"
          metrics = concat(
            [for index, name in local.names : [{ expression = "100 * errors${index} / runs${index}", label = name }]],
            [for index, name in local.names : ["AWS/Lambda", "Errors", "FunctionName", name, { id = "errors${index}", stat = "Sum", visible = false }]],
            [for index, name in local.names : ["AWS/Lambda", "Invocations", "FunctionName", name, { id = "runs${index}", stat = "Sum", visible = false }]],
          )
          yAxis = { left = { min = 0, max = 100 } }
        }
      },
      {
        title  = "Events by kind and outcome"
        width  = 16
        height = 6
        properties = {
          view    = "timeSeries"
          stacked = true
          metrics = [
            for index, name in local.names : [{
              expression = "SEARCH('{GitBackedSkills,Function,Event,Outcome} MetricName=\"Invocations\" Function=\"${name}\"', 'Sum', 300)"
              id         = "outcomes${index}"
            }]
          ]
        }
      },
      {
        title  = "From a save to its commit (s)"
        width  = 12
        height = 6
        properties = {
          view = "timeSeries"
          metrics = [
            for percentile in local.percentiles :
            ["GitBackedSkills", "ExportLag", "Function", local.export[0], { stat = percentile, label = percentile }]
          ]
        }
      },
    ],
    local.imports ? [
      {
        title  = "From a commit to its rows (s)"
        width  = 12
        height = 6
        properties = {
          view = "timeSeries"
          metrics = [
            for percentile in local.percentiles :
            ["GitBackedSkills", "ImportLag", "Function", local.import[0], { stat = percentile, label = percentile }]
          ]
        }
      },
    ] : [],
    [
      for name in local.names : {
        title  = "Where ${name} spends its time (ms)"
        width  = 12
        height = 6
        properties = {
          view    = "timeSeries"
          stacked = true
          metrics = [
            for metric in ["WaitTime", "DatabaseTime", "FetchTime", "ReconcileTime", "PushTime"] :
            ["GitBackedSkills", metric, "Function", name, { stat = "Average", label = metric }]
          ]
        }
      }
    ],
  )
}

resource "aws_cloudwatch_dashboard" "skills" {
  dashboard_name = var.name
  # Widgets without a place flow from left to right.
  dashboard_body = jsonencode({
    widgets = [
      for widget in local.widgets : {
        type   = lookup(widget, "type", "metric")
        width  = widget.width
        height = widget.height
        properties = merge(
          { title = widget.title, region = local.region },
          lookup(widget, "type", "metric") == "metric" ? { period = 300 } : {},
          widget.properties,
        )
      }
    ]
  })
}
