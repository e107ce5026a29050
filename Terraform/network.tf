# The functions call; nobody calls them in the VPC: Lambda invokes them from outside of it.

resource "aws_security_group" "functions" {
  name        = "${var.name}-functions"
  description = "From ${var.name} to the database and to GitHub"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-functions" })

  lifecycle {
    precondition {
      condition     = (var.database_security_group_id == null) != (length(var.database_cidr_blocks) == 0)
      error_message = "Say where the database is by database_security_group_id or by database_cidr_blocks, not by both."
    }
  }
}

resource "aws_vpc_security_group_egress_rule" "database_security_group" {
  count = var.database_security_group_id == null ? 0 : 1

  security_group_id            = aws_security_group.functions.id
  description                  = "The database"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = var.database_security_group_id
  tags                         = var.tags
}

resource "aws_vpc_security_group_egress_rule" "database_addresses" {
  count = length(var.database_cidr_blocks)

  security_group_id = aws_security_group.functions.id
  description       = "The database"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = var.database_cidr_blocks[count.index]
  tags              = var.tags
}

# GitHub has many addresses, and changes them; it has none of IPv6.
resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.functions.id
  description       = "GitHub and AWS"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
  tags              = var.tags
}

# The VPC's own resolver is reached whatever the rules say. Others, that its DHCP options name, need these.
resource "aws_vpc_security_group_egress_rule" "dns" {
  count = 2 * length(var.dns_cidr_blocks)

  security_group_id = aws_security_group.functions.id
  description       = "DNS"
  ip_protocol       = count.index % 2 == 0 ? "udp" : "tcp"
  from_port         = 53
  to_port           = 53
  cidr_ipv4         = var.dns_cidr_blocks[floor(count.index / 2)]
  tags              = var.tags
}

resource "aws_vpc_security_group_egress_rule" "efs" {
  count = var.efs == null ? 0 : 1

  security_group_id            = aws_security_group.functions.id
  description                  = "The repository's local copy, on EFS"
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
  referenced_security_group_id = var.efs.security_group_id
  tags                         = var.tags
}

# A function in a VPC has no public address. What it sends to the internet is lost, unless the default route of its subnet
# leads to a NAT gateway, or to something else that passes it on. An internet gateway doesn't.

data "aws_route_tables" "default" {
  count = length(var.subnet_ids)

  filter {
    name   = "association.subnet-id"
    values = [var.subnet_ids[count.index]]
  }
  filter {
    name   = "route.destination-cidr-block"
    values = ["0.0.0.0/0"]
  }
}

data "aws_route_tables" "internet" {
  count = length(var.subnet_ids)

  filter {
    name   = "association.subnet-id"
    values = [var.subnet_ids[count.index]]
  }
  filter {
    name   = "route.gateway-id"
    values = ["igw-*"]
  }
}

# Warnings, as there are networks that this doesn't understand.
check "way_out" {
  assert {
    condition     = alltrue([for tables in data.aws_route_tables.default : length(tables.ids) > 0])
    error_message = "GitHub can't be reached from ${join(", ", [for index, tables in data.aws_route_tables.default : var.subnet_ids[index] if length(tables.ids) == 0])}: no default route was found in a route table of its own. Give it one that leads to a NAT gateway in a public subnet."
  }

  assert {
    condition     = alltrue([for tables in data.aws_route_tables.internet : length(tables.ids) == 0])
    error_message = "GitHub can't be reached from ${join(", ", [for index, tables in data.aws_route_tables.internet : var.subnet_ids[index] if length(tables.ids) > 0])}: that is a public subnet, and functions have no public address. Name private subnets, whose default route leads to a NAT gateway."
  }
}

# Calls of AWS that stay in the VPC. Lambda writes logs from outside of it, and GitHub is outside in any case.

resource "aws_vpc_endpoint" "service" {
  for_each = toset(var.vpc_endpoints ? ["secretsmanager", "sns", "sqs"] : [])

  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.${local.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.endpoints[0].id]
  tags                = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_security_group" "endpoints" {
  count = var.vpc_endpoints ? 1 : 0

  name        = "${var.name}-endpoints"
  description = "From ${var.name} to AWS"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-endpoints" })
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count = var.vpc_endpoints ? 1 : 0

  security_group_id            = aws_security_group.endpoints[0].id
  description                  = "The functions"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.functions.id
  tags                         = var.tags
}
