# Their values are put in by hand or by your own rotation, never by Terraform: so none is in its state.

locals {
  secret_descriptions = merge(
    { database-url = "Git-Backed Skills: DATABASE_URL of the functions' role" },
    var.github_app == null ? {
      github-token = "Git-Backed Skills: a token that may read and write the repository"
      } : {
      github-app-private-key = "Git-Backed Skills: the GitHub App's private key, in PEM"
    },
    local.imports ? { webhook-secret = "Git-Backed Skills: the secret of the webhook on GitHub" } : {},
  )

  given_secrets = {
    database-url           = var.secret_arns.database_url
    github-token           = var.secret_arns.github_token
    github-app-private-key = var.secret_arns.github_app_private_key
    webhook-secret         = var.secret_arns.webhook_secret
  }

  secrets = {
    for name in keys(local.secret_descriptions) :
    name => local.given_secrets[name] == null ? aws_secretsmanager_secret.secret[name].arn : local.given_secrets[name]
  }

  secrets_of = {
    skills-to-git = [for name in keys(local.secrets) : name if name != "webhook-secret"]
    git-to-skills = keys(local.secrets)
  }
}

resource "aws_secretsmanager_secret" "secret" {
  for_each = { for name, description in local.secret_descriptions : name => description if local.given_secrets[name] == null }

  name                    = "${var.name}/${each.key}"
  description             = each.value
  kms_key_id              = var.secrets_kms_key_arn
  recovery_window_in_days = var.secret_recovery_days
  tags                    = var.tags
}
