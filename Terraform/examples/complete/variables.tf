variable "region" {
  description = "Where everything is made."
  type        = string
  default     = "eu-central-1"
}

variable "name" {
  description = "What all names begin with."
  type        = string
  default     = "transparent-trust"
}

variable "github_repository" {
  description = "The repository: `owner/name`."
  type        = string
  default     = "monte-carlo-data/transparent-trust"
}

variable "settings" {
  description = "Further settings of both functions, by their names in docs/settings.md."
  type        = map(string)
  default     = {}
}

variable "enabled" {
  description = "`false` until the first dry run was looked at."
  type        = bool
  default     = true
}

variable "artifacts_directory" {
  description = "The folder with the zips."
  type        = string
  default     = "../../../dist"
}

variable "skills_to_git" {
  description = "As the module's."
  type        = any
  default     = {}
}

variable "git_to_skills" {
  description = "As the module's."
  type        = any
  default     = {}
}

variable "database_cidr_blocks" {
  description = "The database's subnets."
  type        = list(string)
  default     = ["10.0.0.0/16"]
}

variable "database_ca_layer_arn" {
  description = "A layer with the certificate authorities of RDS."
  type        = string
  default     = null
}

variable "sweep_minutes" {
  description = "How often everything is compared."
  type        = number
  default     = 5
}

variable "drift_minutes" {
  description = "How often rows and files are counted that differ."
  type        = number
  default     = 60
}

variable "secret_recovery_days" {
  description = "How long a secret that was destroyed can be restored."
  type        = number
  default     = 30
}

variable "notice_emails" {
  description = "Who gets notices and alarms by e-mail."
  type        = list(string)
  default     = []
}

variable "runbook_url" {
  description = "Where your people read docs/runbooks.md."
  type        = string
  default     = "docs/runbooks.md"
}
