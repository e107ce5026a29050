# What is synced

variable "name" {
  description = "What all names begin with."
  type        = string
  default     = "transparent-trust"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.name))
    error_message = "A name has 2 to 24 lower case letters, digits and hyphens, and begins with a letter: it is part of a bucket's name, too."
  }
}

variable "github_repository" {
  description = "The repository: `owner/name` on GitHub (or on `GITHUB_URL` of `settings`), or an `https://` URL of another git server. One on another port than 443 needs an egress rule of your own in the output `security_group_id`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+|https?://[^@[:space:]]+)$", var.github_repository))
    error_message = "The repository is owner/name, or a URL without a user and a password."
  }
}

variable "github_app" {
  description = "A GitHub App in place of a token: its id or client id, and that of its installation."
  type = object({
    id              = string
    installation_id = string
  })
  default = null
}

variable "direction" {
  description = "`both`, or `export`: rows to files only, by schedule, without queues, a webhook and `git-to-skills`."
  type        = string
  default     = "both"
  nullable    = false

  validation {
    condition     = contains(["both", "export"], var.direction)
    error_message = "The direction is both or export."
  }
}

variable "settings" {
  description = "Further settings of both functions, by their names in docs/settings.md: `SKILLS_TABLE`, `CONFLICT_POLICY` … Those that this module sets itself, and secrets, are refused. A proxy or server on another port than 443 needs an egress rule of your own in the output `security_group_id`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for name in keys(var.settings) : contains([
        "AUTHOR_EMAILS", "COMMITTER_EMAIL", "COMMITTER_NAME", "COMMIT_STATUS", "CONFLICT_POLICY", "GITHUB_API_URL",
        "GITHUB_BRANCH", "GITHUB_URL", "GIT_DELETE_POLICY", "LOG_LEVEL", "PUSH_INTERVAL", "RETENTION_DAYS",
        "SKILLS_DIRECTORY", "SKILLS_TABLE", "SSL_CERT_FILE", "SYNC_BATCH_SIZE", "https_proxy", "no_proxy",
      ], name)
    ])
    error_message = "Only settings of docs/settings.md that have no variable of their own. Secrets are put into Secrets Manager, never here."
  }

  validation {
    condition     = !anytrue([for value in values(var.settings) : can(regex("://[^/]*@", value))])
    error_message = "A URL with a user and a password is a secret, and is none of these settings."
  }
}

variable "enabled" {
  description = "`false`: rules, schedules and queues stand still and alarms tell nobody, for the time before the first dry run."
  type        = bool
  default     = true
  nullable    = false
}

# The functions

variable "artifacts_directory" {
  description = "The folder with skills-to-git.zip, git-to-skills.zip and git-layer.zip: `dist` after `make package`."
  type        = string
  nullable    = false
}

variable "artifacts_bucket" {
  description = "A bucket for the zips, in the functions' region. The module makes one where none is given."
  type        = string
  default     = null
}

variable "lambda_runtime" {
  description = "`provided.al2` or `provided.al2023`; the zips run on both. `provided.al2` is deprecated since 2026-07-31; from 2027-02-01 on AWS lets nobody create a function on it, and from 2027-03-03 on nobody update one. Take `provided.al2023` for everything new."
  type        = string
  default     = "provided.al2"
  nullable    = false

  validation {
    condition     = contains(["provided.al2", "provided.al2023"], var.lambda_runtime)
    error_message = "The runtime is provided.al2 or provided.al2023."
  }
}

variable "skills_to_git" {
  description = "Seconds, MB of memory (more of it is also more processor: 10,000 skills of 2 KB need less than 128) and of /tmp, how many runs may be reserved (null: as many as the account allows), and the version that runs (null: the newest)."
  type = object({
    timeout              = optional(number, 60)
    memory               = optional(number, 512)
    storage              = optional(number, 512)
    reserved_concurrency = optional(number)
    version              = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.skills_to_git.timeout >= 30 && var.skills_to_git.timeout <= 900
    error_message = "The timeout is 30 to 900 seconds: some are kept to end in good order, and pushes are ten apart."
  }

  validation {
    condition     = coalesce(var.skills_to_git.reserved_concurrency, 3) >= 3
    error_message = "Reserve three runs or more: the queue starts two, the schedule another."
  }
}

variable "git_to_skills" {
  description = "As `skills_to_git`."
  type = object({
    timeout              = optional(number, 120)
    memory               = optional(number, 1024)
    storage              = optional(number, 512)
    reserved_concurrency = optional(number)
    version              = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.git_to_skills.timeout >= 30 && var.git_to_skills.timeout <= 900
    error_message = "The timeout is 30 to 900 seconds: some are kept to end in good order."
  }

  validation {
    condition     = coalesce(var.git_to_skills.reserved_concurrency, 5) >= 5
    error_message = "Reserve five runs or more: the queue starts two, the schedule another, and webhooks come at the same time."
  }
}

variable "efs" {
  description = "An EFS access point where the repository's local copy is kept, in place of /tmp; its mount targets, one in each of `subnet_ids`, which must be there before the functions; and their security group."
  type = object({
    file_system_arn   = string
    access_point_arn  = string
    mount_target_ids  = list(string)
    security_group_id = string
  })
  default = null
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 … days."
  }
}

# The network

variable "vpc_id" {
  description = "The VPC that the database is reached from."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Private subnets of it whose default route leads to a NAT gateway, as GitHub is outside: one for each zone of availability."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "Name one subnet or more."
  }
}

variable "database_security_group_id" {
  description = "The database's security group. It needs a rule of its own that lets in the output `security_group_id` on port 5432."
  type        = string
  default     = null
}

variable "database_cidr_blocks" {
  description = "In place of `database_security_group_id`: addresses that the database has, or its subnets."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for block in var.database_cidr_blocks : can(cidrnetmask(block)) && block != "0.0.0.0/0"])
    error_message = "They are IPv4 blocks such as 10.0.8.0/24, and not the whole internet."
  }
}

variable "database_ca_layer_arn" {
  description = "A layer with the certificate authorities of RDS (Layers/README.md), for `sslmode=verify-full`."
  type        = string
  default     = null
}

variable "database_ca_file" {
  description = "Where that layer has them."
  type        = string
  default     = "/opt/etc/ssl/rds.pem"
  nullable    = false
}

variable "dns_cidr_blocks" {
  description = "DNS resolvers that the VPC's DHCP options name. The VPC's own, the usual one, needs no rule."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "vpc_endpoints" {
  description = "Whether calls of Secrets Manager, SNS and SQS stay in the VPC, by an interface endpoint for each. NAT is needed all the same."
  type        = bool
  default     = false
  nullable    = false
}

# Secrets

variable "secret_arns" {
  description = "Secrets that are there already, by their whole ARNs, also as `ARN#key` for a key of a JSON object. Those not given are made, without a value."
  type = object({
    database_url           = optional(string)
    github_token           = optional(string)
    github_app_private_key = optional(string)
    webhook_secret         = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for arn in values(var.secret_arns) :
      arn == null || can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}(#.+)?$", arn))
    ])
    error_message = "ARNs of secrets in Secrets Manager, with the six characters at their end. Never the values."
  }
}

variable "secrets_kms_key_arn" {
  description = "The key of the secrets that are made, and which the functions may decrypt with. Without it, AWS's own key for Secrets Manager."
  type        = string
  default     = null
}

variable "secret_recovery_days" {
  description = "How long a secret that was destroyed can be restored, 7 to 30 days; until then its name is taken. 0: not at all."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.secret_recovery_days == 0 || (var.secret_recovery_days >= 7 && var.secret_recovery_days <= 30)
    error_message = "Secrets can be restored for 7 to 30 days, or not at all (0)."
  }
}

# Events

variable "event_source" {
  description = "The `Source` of the application's events."
  type        = string
  default     = "transparent-trust.skills"
  nullable    = false
}

variable "event_bus_name" {
  description = "The bus that the application puts them on."
  type        = string
  default     = "default"
  nullable    = false
}

variable "database_instances" {
  description = "Identifiers of the RDS instances whose events count. Empty: those of all in this account and region."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "sweep_minutes" {
  description = "How often everything is compared, whatever events and webhooks told: with `direction` `export`, how late a change may come."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.sweep_minutes >= 1 && var.sweep_minutes <= 60 && floor(var.sweep_minutes) == var.sweep_minutes
    error_message = "Sweeps are 1 to 60 whole minutes apart: an alarm expects one an hour."
  }
}

variable "drift_minutes" {
  description = "How often rows and files are counted that differ."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.drift_minutes >= 1 && var.drift_minutes <= 1440 && floor(var.drift_minutes) == var.drift_minutes
    error_message = "Checks are 1 to 1440 whole minutes apart."
  }
}

variable "api_gateway_account_role" {
  description = "Whether the module gives API Gateway its role for writing logs, which is one for the whole account and region: `true` where nobody has yet, or the webhook's stage fails with `CloudWatch Logs role ARN must be set in account settings`. With version 5 of the provider, `terraform destroy` leaves the account naming a role that is gone: give it another then."
  type        = bool
  default     = false
  nullable    = false
}

# Who is told

variable "notice_emails" {
  description = "Who gets notices and alarms by e-mail; each has to confirm a message of AWS first."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "alarm_actions" {
  description = "ARNs of what alarms call when they begin and end. Without them, the topic of the notices."
  type        = list(string)
  default     = null
}

variable "runbook_url" {
  description = "Where your people read docs/runbooks.md: each alarm's description links to its heading there."
  type        = string
  default     = "docs/runbooks.md"
  nullable    = false
}

variable "tags" {
  description = "Tags of everything that can have some."
  type        = map(string)
  default     = {}
  nullable    = false
}
