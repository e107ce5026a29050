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
  target = data.aws_availability_zones.available
  values = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
}

override_data {
  target = module.skills.data.aws_route_tables.default
  values = { ids = ["rtb-0123456789abcdef0"] }
}

override_data {
  target = module.skills.data.aws_route_tables.internet
  values = { ids = [] }
}

# Else nobody knows before an apply whether there is a way out, and a test takes that for a failure.
override_resource {
  target          = aws_subnet.private
  override_during = plan
  values          = { id = "subnet-0123456789abcdef0" }
}

variables {
  artifacts_directory = "../../tests/zips"
}

run "the_network_has_a_way_out" {
  command = plan

  assert {
    condition = (
      length(aws_subnet.private) == 2 && aws_subnet.private[0].availability_zone != aws_subnet.private[1].availability_zone &&
      length(aws_route_table_association.private) == 2 &&
      toset([for route in aws_route_table.private.route : route.cidr_block]) == toset(["0.0.0.0/0"]) &&
      alltrue([for subnet in aws_subnet.private : subnet.map_public_ip_on_launch != true])
    )
    error_message = "private subnets in two zones, with a default route"
  }
}

run "everything_of_the_module_is_told" {
  command = plan

  assert {
    condition     = length(output.skills.alarm_names) == 16 && keys(output.skills.dead_letter_queue_urls) == ["events", "targets", "webhooks"]
    error_message = "outputs"
  }
}
