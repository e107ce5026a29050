# The whole system, with a network of its own: private subnets in two zones, and one NAT gateway, since GitHub is
# outside. The database is reached by its addresses, so that it may be in a peered VPC or not be there yet.

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = var.name }
  }
}

module "skills" {
  source = "../.."

  name              = var.name
  github_repository = var.github_repository
  settings          = var.settings
  enabled           = var.enabled

  artifacts_directory = var.artifacts_directory
  lambda_runtime      = "provided.al2023"
  skills_to_git       = var.skills_to_git
  git_to_skills       = var.git_to_skills

  vpc_id = aws_vpc.main.id
  # Of the associations, so that the routes are there when the module looks at them.
  subnet_ids            = aws_route_table_association.private[*].subnet_id
  database_cidr_blocks  = var.database_cidr_blocks
  database_ca_layer_arn = var.database_ca_layer_arn

  sweep_minutes            = var.sweep_minutes
  drift_minutes            = var.drift_minutes
  api_gateway_account_role = true
  secret_recovery_days     = var.secret_recovery_days

  notice_emails = var.notice_emails
  runbook_url   = var.runbook_url
}
