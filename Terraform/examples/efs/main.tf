# With the repository's local copy on EFS: it outlives the functions' sandboxes, so no start has to clone, and it may
# be larger than /tmp. Both functions share it, one at a time. The network is one that is there already.

provider "aws" {
  region = var.region
}

module "skills" {
  source = "../.."

  name              = var.name
  github_repository = var.github_repository

  artifacts_directory = var.artifacts_directory
  lambda_runtime      = "provided.al2023"

  vpc_id                     = var.vpc_id
  subnet_ids                 = var.subnet_ids
  database_security_group_id = var.database_security_group_id

  efs = {
    file_system_arn   = aws_efs_file_system.cache.arn
    access_point_arn  = aws_efs_access_point.cache.arn
    mount_target_ids  = aws_efs_mount_target.cache[*].id
    security_group_id = aws_security_group.efs.id
  }
}

resource "aws_efs_file_system" "cache" {
  encrypted = true
  tags      = { Name = "${var.name}-cache" }
}

# What the functions see of it: one folder, as one user.
resource "aws_efs_access_point" "cache" {
  file_system_id = aws_efs_file_system.cache.id
  tags           = { Name = "${var.name}-cache" }

  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory {
    path = "/skills"
    creation_info {
      owner_uid   = 1000
      owner_gid   = 1000
      permissions = "700"
    }
  }
}

resource "aws_efs_mount_target" "cache" {
  count = length(var.subnet_ids)

  file_system_id  = aws_efs_file_system.cache.id
  subnet_id       = var.subnet_ids[count.index]
  security_groups = [aws_security_group.efs.id]
}

# Whoever mounts it does so with the access point, encrypted, and by its own rights.
resource "aws_efs_file_system_policy" "cache" {
  file_system_id = aws_efs_file_system.cache.id
  policy         = data.aws_iam_policy_document.cache.json
}

data "aws_iam_policy_document" "cache" {
  statement {
    sid       = "Functions"
    actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    resources = [aws_efs_file_system.cache.arn]
    principals {
      type        = "AWS"
      identifiers = values(module.skills.role_arns)
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
    condition {
      test     = "StringEquals"
      variable = "elasticfilesystem:AccessPointArn"
      values   = [aws_efs_access_point.cache.arn]
    }
  }
}

resource "aws_security_group" "efs" {
  name        = "${var.name}-efs"
  description = "The local copy of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-efs" }
}

resource "aws_vpc_security_group_ingress_rule" "efs" {
  security_group_id            = aws_security_group.efs.id
  description                  = "The functions"
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
  referenced_security_group_id = module.skills.security_group_id
}
