# What is refused.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = data.aws_route_tables.default
  values = { ids = ["rtb-0123456789abcdef0"] }
}

override_data {
  target = data.aws_route_tables.internet
  values = { ids = [] }
}

variables {
  github_repository          = "owner/name"
  artifacts_directory        = "tests/zips"
  lambda_runtime             = "provided.al2023"
  vpc_id                     = "vpc-0123456789abcdef0"
  subnet_ids                 = ["subnet-0123456789abcdef0"]
  database_security_group_id = "sg-0123456789abcdef0"
}

run "a_secret_among_the_settings" {
  command = plan

  variables {
    settings = { GITHUB_TOKEN = "github_pat_0123456789" }
  }

  expect_failures = [var.settings]
}

run "a_setting_that_has_a_variable_of_its_own" {
  command = plan

  variables {
    settings = { SYNC_DIRECTION = "import" }
  }

  expect_failures = [var.settings]
}

run "a_password_in_a_settings_url" {
  command = plan

  variables {
    settings = { https_proxy = "http://user:password@proxy:3128" }
  }

  expect_failures = [var.settings]
}

run "a_token_in_the_repositorys_url" {
  command = plan

  variables {
    github_repository = "https://token@github.com/owner/name"
  }

  expect_failures = [var.github_repository]
}

run "a_value_where_a_secrets_arn_belongs" {
  command = plan

  variables {
    secret_arns = { webhook_secret = "0123456789abcdef" }
  }

  expect_failures = [var.secret_arns]
}

run "an_arn_without_its_last_six_characters" {
  command = plan

  variables {
    secret_arns = { webhook_secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:webhook" }
  }

  expect_failures = [var.secret_arns]
}

run "a_name_too_long_for_a_bucket" {
  command = plan

  variables {
    name = "abcdefghijklmnopqrstuvwxyz"
  }

  expect_failures = [var.name]
}

run "another_direction" {
  command = plan

  variables {
    direction = "import"
  }

  expect_failures = [var.direction]
}

run "another_runtime" {
  command = plan

  variables {
    lambda_runtime = "nodejs20.x"
  }

  expect_failures = [var.lambda_runtime]
}

run "a_database_anywhere" {
  command = plan

  variables {
    database_security_group_id = null
    database_cidr_blocks       = ["0.0.0.0/0"]
  }

  expect_failures = [var.database_cidr_blocks]
}

run "a_database_in_two_places" {
  command = plan

  variables {
    database_cidr_blocks = ["10.0.0.0/16"]
  }

  expect_failures = [aws_security_group.functions]
}

run "a_database_nowhere" {
  command = plan

  variables {
    database_security_group_id = null
  }

  expect_failures = [aws_security_group.functions]
}

run "no_subnet" {
  command = plan

  variables {
    subnet_ids = []
  }

  expect_failures = [var.subnet_ids]
}

run "a_timeout_without_time_to_work" {
  command = plan

  variables {
    skills_to_git = { timeout = 5 }
  }

  expect_failures = [var.skills_to_git]
}

run "a_reservation_that_starves_the_schedule" {
  command = plan

  variables {
    skills_to_git = { reserved_concurrency = 2 }
  }

  expect_failures = [var.skills_to_git]
}

run "a_reservation_that_starves_webhooks" {
  command = plan

  variables {
    git_to_skills = { reserved_concurrency = 3 }
  }

  expect_failures = [var.git_to_skills]
}

run "a_sweep_too_rare_for_its_alarm" {
  command = plan

  variables {
    sweep_minutes = 120
  }

  expect_failures = [var.sweep_minutes]
}

run "a_drift_check_never" {
  command = plan

  variables {
    drift_minutes = 0
  }

  expect_failures = [var.drift_minutes]
}

run "logs_kept_for_a_week_and_a_bit" {
  command = plan

  variables {
    log_retention_days = 8
  }

  expect_failures = [var.log_retention_days]
}

run "a_recovery_that_aws_refuses" {
  command = plan

  variables {
    secret_recovery_days = 3
  }

  expect_failures = [var.secret_recovery_days]
}
