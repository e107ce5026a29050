provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = module.skills.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.skills.data.aws_route_tables.default
  values = { ids = ["rtb-0123456789abcdef0"] }
}

override_data {
  target = module.skills.data.aws_route_tables.internet
  values = { ids = [] }
}

variables {
  artifacts_directory        = "../../tests/zips"
  vpc_id                     = "vpc-0123456789abcdef0"
  subnet_ids                 = ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"]
  database_security_group_id = "sg-0123456789abcdef0"
}

run "one_function_and_no_webhook" {
  command = plan

  assert {
    condition = (
      output.skills.function_names == { skills-to-git = "transparent-trust-skills-to-git" } &&
      output.skills.webhook_url == null && output.skills.queue_urls == {}
    )
    error_message = "skills-to-git alone"
  }
}
