# Rows to files only: a schedule and skills-to-git, no queues, no webhook and no API. Rows are never written; what is
# edited in git is left alone, and shown as drift.

provider "aws" {
  region = var.region
}

module "skills" {
  source = "../.."

  name              = var.name
  direction         = "export"
  github_repository = var.github_repository

  artifacts_directory = var.artifacts_directory
  lambda_runtime      = "provided.al2023"

  vpc_id                     = var.vpc_id
  subnet_ids                 = var.subnet_ids
  database_security_group_id = var.database_security_group_id

  sweep_minutes = 15
}
