# What the check of subnets finds.

provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  subnet_id = "subnet-0123456789abcdef0"
}

run "through_a_nat_gateway" {
  command = plan

  module {
    source = "./modules/way-out"
  }

  override_data {
    target = data.aws_route_table.subnet
    values = { routes = [
      { cidr_block = "0.0.0.0/0", nat_gateway_id = "nat-0123456789abcdef0", gateway_id = "" },
    ] }
  }
}

run "an_internet_gateway_is_none" {
  command = plan

  module {
    source = "./modules/way-out"
  }

  override_data {
    target = data.aws_route_table.subnet
    values = { routes = [
      { cidr_block = "0.0.0.0/0", nat_gateway_id = "", gateway_id = "igw-0123456789abcdef0" },
    ] }
  }

  expect_failures = [check.way_out]
}

run "nor_is_a_route_to_elsewhere" {
  command = plan

  module {
    source = "./modules/way-out"
  }

  override_data {
    target = data.aws_route_table.subnet
    values = { routes = [
      { cidr_block = "10.0.0.0/8", nat_gateway_id = "nat-0123456789abcdef0", gateway_id = "" },
    ] }
  }

  expect_failures = [check.way_out]
}
