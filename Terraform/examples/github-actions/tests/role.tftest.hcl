# Plans alone: no account is asked.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  repository          = "example/skills"
  database_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:skills/database-AbCdEf"
  oidc_provider_arn   = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
}

run "one_branch_of_one_repository_may_take_the_role" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.workflows.assume_role_policy).Statement == [{
      Sid       = "OneBranchOfOneRepository"
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = var.oidc_provider_arn }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = "repo:example/skills:ref:refs/heads/main"
        }
      }
    }]
    error_message = "Somebody else may take the role."
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "An account can have only one provider for GitHub."
  }
}

run "it_may_read_one_secret" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role_policy.workflows.policy).Statement == [{
      Sid      = "ReadTheDatabaseUrl"
      Effect   = "Allow"
      Action   = "secretsmanager:GetSecretValue"
      Resource = var.database_secret_arn
    }]
    error_message = "The role may do something else."
  }
}

run "with_a_key_and_a_topic_it_may_use_these" {
  command = plan

  variables {
    kms_key_arn     = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    alert_topic_arn = "arn:aws:sns:eu-central-1:123456789012:skills"
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.workflows.policy).Statement : statement.Resource] == [
      var.database_secret_arn, var.kms_key_arn, var.alert_topic_arn
    ]
    error_message = "The role may use another key or topic."
  }
}

run "without_a_provider_it_is_made" {
  command = plan

  variables {
    oidc_provider_arn = null
  }

  assert {
    condition     = aws_iam_openid_connect_provider.github[0].url == "https://token.actions.githubusercontent.com"
    error_message = "No provider is made."
  }
}

run "a_repository_with_ids_is_one" {
  command = plan

  variables {
    repository = "example@1/skills@2"
  }

  assert {
    condition     = strcontains(aws_iam_role.workflows.assume_role_policy, "\"repo:example@1/skills@2:ref:refs/heads/main\"")
    error_message = "The ids are lost."
  }
}

run "a_wildcard_is_refused" {
  command = plan

  variables {
    repository = "example/*"
    branch     = "*"
  }

  expect_failures = [var.repository, var.branch]
}
