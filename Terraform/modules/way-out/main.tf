# A function in a VPC has no public address: what it sends to the internet is lost unless its subnet's default route
# leads to a NAT gateway, or to whatever else passes it on. An internet gateway doesn't.
check "way_out" {
  data "aws_route_table" "subnet" {
    subnet_id = var.subnet_id
  }

  assert {
    condition = anytrue([
      for route in data.aws_route_table.subnet.routes :
      route.cidr_block == "0.0.0.0/0" && !startswith(route.gateway_id, "igw-")
    ])
    error_message = "The functions in subnet ${var.subnet_id} can't reach GitHub. Give its route table a route 0.0.0.0/0 to a NAT gateway that is in a public subnet, or name other subnets in subnet_ids."
  }
}
