variable "name" {
  description = "Name of the role that the workflows take."
  type        = string
  default     = "skills-sync-github-actions"

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.name))
    error_message = "A role's name has 1 to 64 letters, digits and + = , . @ _ -"
  }
}

variable "repository" {
  description = <<-EOT
    The repository with the skills, as GitHub's tokens name it: owner/name, or owner@id/name@id where it was made, renamed
    or moved since July 2026.
  EOT
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9._@-]+/[A-Za-z0-9._@-]+$", var.repository))
    error_message = "The repository is owner/name, without a wildcard: each other repository that matches could take the role."
  }
}

variable "branch" {
  description = "The branch with the skills. Workflows of other branches and of pull requests can't take the role."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[^*?:[:space:]]+$", var.branch))
    error_message = "The branch is the name of one branch, without a wildcard."
  }
}

variable "oidc_provider_arn" {
  description = "The account's identity provider for GitHub, if it has one, as an account can have only one: `aws iam list-open-id-connect-providers`. Null makes it."
  type        = string
  default     = null

  validation {
    condition     = var.oidc_provider_arn == null || can(regex(":oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.oidc_provider_arn))
    error_message = "The ARN ends with :oidc-provider/token.actions.githubusercontent.com"
  }
}

variable "database_secret_arn" {
  description = "The secret in Secrets Manager that holds DATABASE_URL. Its value isn't Terraform's business."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$", var.database_secret_arn))
    error_message = "The ARN is like arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-xxxxxx, without a #key."
  }
}

variable "kms_key_arn" {
  description = "The key that the secret and the topic are encrypted with, if it is one of yours. Null for AWS's own."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9a-z-]+$", var.kms_key_arn))
    error_message = "The ARN is like arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "alert_topic_arn" {
  description = "The SNS topic for what needs a person, ALERT_TOPIC_ARN. Null for none."
  type        = string
  default     = null

  validation {
    condition     = var.alert_topic_arn == null || can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.alert_topic_arn))
    error_message = "The ARN is like arn:aws:sns:REGION:ACCOUNT:NAME."
  }
}
