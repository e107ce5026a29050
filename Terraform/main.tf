data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.name
  arn     = "arn:${data.aws_partition.current.partition}"

  imports = var.direction == "both"

  # Keys are what the functions' names end in.
  all_functions = {
    skills-to-git = merge(var.skills_to_git, {
      description = "Brings saved skills to git"
      queue       = "events"
    })
    git-to-skills = merge(var.git_to_skills, {
      description = "Brings pushed skill files to the database"
      queue       = "webhooks"
    })
  }
  functions = { for name, function in local.all_functions : name => function if name == "skills-to-git" || local.imports }
}

# The zips, in a bucket of this module or a given one. Lambda keeps its own copy: nothing is read from here later.

locals {
  artifacts = toset(concat(keys(local.functions), ["git-layer"]))
  bucket    = coalesce(var.artifacts_bucket, one(aws_s3_bucket.artifacts[*].bucket))
}

resource "aws_s3_object" "artifact" {
  for_each = local.artifacts

  bucket      = local.bucket
  key         = "${var.name}/${each.key}.zip"
  source      = "${var.artifacts_directory}/${each.key}.zip"
  source_hash = filesha256("${var.artifacts_directory}/${each.key}.zip")

  # An object takes ten tags, everything else fifty: so it has none, neither ours nor the provider's.
  override_provider {
    default_tags {
      tags = {}
    }
  }

  depends_on = [
    aws_s3_bucket_versioning.artifacts,
    aws_s3_bucket_server_side_encryption_configuration.artifacts,
    aws_s3_bucket_public_access_block.artifacts,
  ]
}

resource "aws_s3_bucket" "artifacts" {
  count = var.artifacts_bucket == null ? 1 : 0

  bucket_prefix = "${var.name}-zips-"
  # All that is in it comes from the zips of a build.
  force_destroy = true
  tags          = var.tags
}

resource "aws_s3_bucket_versioning" "artifacts" {
  count = length(aws_s3_bucket.artifacts)

  bucket = aws_s3_bucket.artifacts[count.index].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "artifacts" {
  count = length(aws_s3_bucket.artifacts)

  bucket = aws_s3_bucket.artifacts[count.index].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "artifacts" {
  count = length(aws_s3_bucket.artifacts)

  bucket                  = aws_s3_bucket.artifacts[count.index].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "artifacts" {
  count = length(aws_s3_bucket.artifacts)

  bucket = aws_s3_bucket.artifacts[count.index].id
  policy = data.aws_iam_policy_document.artifacts[count.index].json

  # S3 takes one change of a bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.artifacts]
}

data "aws_iam_policy_document" "artifacts" {
  count = length(aws_s3_bucket.artifacts)

  statement {
    sid     = "TLSOnly"
    effect  = "Deny"
    actions = ["s3:*"]
    resources = [
      aws_s3_bucket.artifacts[count.index].arn,
      "${aws_s3_bucket.artifacts[count.index].arn}/*",
    ]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
