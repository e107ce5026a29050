# What is said of subnets without a way out.

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
  subnet_ids                 = ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]
  database_security_group_id = "sg-0123456789abcdef0"
}

run "no_default_route" {
  command = plan

  override_data {
    target = data.aws_route_tables.default
    values = { ids = [] }
  }

  expect_failures = [check.way_out]
}

run "an_internet_gateway_is_none" {
  command = plan

  override_data {
    target = data.aws_route_tables.internet
    values = { ids = ["rtb-0123456789abcdef0"] }
  }

  expect_failures = [check.way_out]
}
