output "role_arn" {
  description = "The role: the repository's variable AWS_ROLE_ARN."
  value       = aws_iam_role.workflows.arn
}
