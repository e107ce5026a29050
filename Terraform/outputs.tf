output "webhook_url" {
  description = "GitHub's *Payload URL*; null with `direction` `export`."
  value       = one([for stage in aws_api_gateway_stage.webhook : "${stage.invoke_url}/github-webhook"])
}

output "function_names" {
  description = "The functions' names, by `skills-to-git` and `git-to-skills`."
  value       = { for name, function in aws_lambda_function.function : name => function.function_name }
}

output "function_versions" {
  description = "The versions that run now: what to note down before a deploy, for a rollback."
  value       = { for name, alias in aws_lambda_alias.live : name => alias.function_version }
}

output "alias_arns" {
  description = "What to invoke, by function."
  value       = { for name, alias in aws_lambda_alias.live : name => alias.arn }
}

output "role_arns" {
  description = "The functions' roles."
  value       = { for name, role in aws_iam_role.function : name => role.arn }
}

output "security_group_id" {
  description = "The functions' security group: the database's needs a rule that lets it in on port 5432."
  value       = aws_security_group.functions.id
}

output "secret_arns" {
  description = "The secrets, made or given."
  value       = local.secrets
}

output "put_secret_commands" {
  description = "For each secret that was made: the command that puts its value in, out of a file without a line break at its end (`printf %s`), which you delete then."
  value = {
    for name, secret in aws_secretsmanager_secret.secret :
    name => "aws secretsmanager put-secret-value --region ${local.region} --secret-id '${secret.arn}' --secret-string file://${name}"
  }
}

output "event_source" {
  description = "The `Source` of the application's events."
  value       = var.event_source
}

output "event_bus_name" {
  description = "The bus that the application puts them on."
  value       = var.event_bus_name
}

output "queue_urls" {
  description = "The queues, by `events` and `webhooks`."
  value       = { for name, queue in aws_sqs_queue.work : name => queue.url }
}

output "dead_letter_queue_urls" {
  description = "The dead letter queues, by `events`, `webhooks` and `targets`."
  value = merge(
    { for name, queue in aws_sqs_queue.dead_letters : name => queue.url },
    { targets = aws_sqs_queue.targets_dead_letters.url },
  )
}

output "notices_topic_arn" {
  description = "The topic of notices and alarms."
  value       = aws_sns_topic.notices.arn
}

output "log_group_names" {
  description = "The functions' logs."
  value       = { for name, group in aws_cloudwatch_log_group.function : name => group.name }
}

output "alarm_names" {
  description = "All alarms, by the heading of their runbook."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.alarm : name => alarm.alarm_name }
}

output "dashboard_name" {
  description = "The dashboard."
  value       = aws_cloudwatch_dashboard.skills.dashboard_name
}

output "dashboard_url" {
  description = "The dashboard, for a browser."
  value       = "https://${local.region}.console.aws.amazon.com/cloudwatch/home?region=${local.region}#dashboards/dashboard/${aws_cloudwatch_dashboard.skills.dashboard_name}"
}
