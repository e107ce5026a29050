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

run "a_mount_target_in_each_subnet_and_one_user" {
  command = plan

  assert {
    condition = (
      aws_efs_file_system.cache.encrypted &&
      tolist(aws_efs_mount_target.cache[*].subnet_id) == var.subnet_ids &&
      one(aws_efs_access_point.cache.posix_user).uid == 1000 &&
      one(one(aws_efs_access_point.cache.root_directory).creation_info).permissions == "700"
    )
    error_message = "file system, mount targets, access point"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.efs.from_port == 2049 && aws_vpc_security_group_ingress_rule.efs.to_port == 2049
    error_message = "NFS, from the functions alone"
  }
}
