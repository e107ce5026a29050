# What needs a person: notices of the functions, and the alarms.

resource "aws_sns_topic" "notices" {
  name              = "${var.name}-notices"
  display_name      = "Git-Backed Skills"
  kms_master_key_id = aws_kms_key.notices.arn
  tags              = var.tags
}

# The functions may publish by their roles. SNS's own default would let everybody of the account change the topic.
resource "aws_sns_topic_policy" "notices" {
  arn    = aws_sns_topic.notices.arn
  policy = data.aws_iam_policy_document.notices.json
}

data "aws_iam_policy_document" "notices" {
  statement {
    sid       = "Alarms"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.notices.arn]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn}:cloudwatch:${local.region}:${local.account}:alarm:${var.name}-*"]
    }
  }
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.notice_emails)

  topic_arn = aws_sns_topic.notices.arn
  protocol  = "email"
  endpoint  = each.value
}

# A key of its own, as AWS's key for SNS (alias/aws/sns) lets no alarm publish.
resource "aws_kms_key" "notices" {
  description             = "${var.name}: notices"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy                  = data.aws_iam_policy_document.notices_key.json
  tags                    = var.tags
}

resource "aws_kms_alias" "notices" {
  name          = "alias/${var.name}-notices"
  target_key_id = aws_kms_key.notices.key_id
}

data "aws_iam_policy_document" "notices_key" {
  # Else nobody could change the key any more. In a key's policy, "*" is this key.
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["${local.arn}:iam::${local.account}:root"]
    }
  }

  statement {
    sid       = "EncryptAlarms"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}
