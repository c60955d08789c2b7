# Stand-ins for what you have already, so that this example applies by itself. Put your own in their place, or their names
# and ARNs straight into main.tf. What matters are the policies: each says what its thing has to allow.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  dns_suffix = data.aws_partition.current.dns_suffix
}

# The bucket with the content. It keeps its own settings; the distribution's part of the policy is merged into its own.
resource "aws_s3_bucket" "company" {
  bucket_prefix = "${var.name}-company-"
  force_destroy = true
}

data "aws_iam_policy_document" "company" {
  source_policy_documents = [module.content.bucket_policy_json]

  # Yours, for instance:
  statement {
    sid       = "RefusePlainHttp"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.company.arn, "${aws_s3_bucket.company.arn}/*"]

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

resource "aws_s3_bucket_policy" "company" {
  bucket = aws_s3_bucket.company.id
  policy = data.aws_iam_policy_document.company.json
}

resource "aws_s3_bucket_server_side_encryption_configuration" "company" {
  bucket = aws_s3_bucket.company.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.content.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

# Pages of the distribution upload straight into the bucket.
resource "aws_s3_bucket_cors_configuration" "company" {
  bucket = aws_s3_bucket.company.id

  cors_rule {
    allowed_headers = ["*"]
    allowed_methods = ["DELETE", "GET", "HEAD", "POST", "PUT"]
    allowed_origins = module.content.bucket_cors_origins
    expose_headers  = ["ETag"]
  }
}

# Another bucket behind the same cookies.
resource "aws_s3_bucket" "archive" {
  bucket_prefix = "${var.name}-archive-"
  force_destroy = true
}

data "aws_iam_policy_document" "archive" {
  statement {
    sid       = "DistributionReads"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [aws_s3_bucket.archive.arn, "${aws_s3_bucket.archive.arn}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [module.content.distribution_arn]
    }
  }
}

resource "aws_s3_bucket_policy" "archive" {
  bucket = aws_s3_bucket.archive.id
  policy = data.aws_iam_policy_document.archive.json
}

# The bucket for logs (CloudWatch Logs User Guide, Logs sent to Amazon S3).
resource "aws_s3_bucket" "logs" {
  bucket_prefix = "${var.name}-logs-"
  force_destroy = true
}

data "aws_iam_policy_document" "logs" {
  statement {
    sid       = "DeliveryWrites"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.logs.arn}/*"]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:logs:us-east-1:${local.account_id}:delivery-source:*"]
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs.json
}

resource "aws_wafv2_web_acl" "company" {
  provider = aws.us_east_1

  name  = "${var.name}-company"
  scope = "CLOUDFRONT"

  default_action {
    allow {}
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "${var.name}-company"
    sampled_requests_enabled   = true
  }
}

resource "aws_cloudfront_response_headers_policy" "company" {
  name = "${var.name}-company"

  custom_headers_config {
    items {
      header   = "X-Company"
      override = true
      value    = "Example"
    }
  }

  security_headers_config {
    content_security_policy {
      content_security_policy = "default-src 'self'; frame-ancestors https://portal.example.com"
      override                = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }
  }
}

# What no role of the module may exceed. It needs no more than this.
data "aws_iam_policy_document" "boundary" {
  statement {
    sid = "SignedCookies"
    actions = [
      "cloudfront:*PublicKey*",
      "cloudfront:*KeyGroup*",
      "cloudwatch:PutMetricData",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "logs:CreateLogGroup",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:PutSecretValue",
      "secretsmanager:UpdateSecretVersionStage",
      "ssm:GetParameters",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name   = "${var.name}-boundary"
  policy = data.aws_iam_policy_document.boundary.json
}

# Keys of KMS. Their policies name the account's distributions and log groups and not single ones, so that the keys can be
# there before them.
data "aws_iam_policy_document" "content_key" {
  statement {
    sid       = "AccountDecidesByPolicies"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }

  # CloudFront Developer Guide, Restrict access to an Amazon S3 origin: server-side encryption with KMS.
  statement {
    sid       = "DistributionsDecrypt"
    actions   = ["kms:Decrypt"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:cloudfront::${local.account_id}:distribution/*"]
    }
  }
}

resource "aws_kms_key" "content" {
  description         = "Content of ${var.name}"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.content_key.json
}

data "aws_iam_policy_document" "home_key" {
  statement {
    sid       = "AccountDecidesByPolicies"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }

  # CloudWatch Logs User Guide, Encrypt log data using KMS.
  statement {
    sid       = "LogGroupsEncrypt"
    actions   = ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.us-east-1.${local.dns_suffix}"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${local.partition}:logs:us-east-1:${local.account_id}:log-group:/aws/lambda/*"]
    }
  }
}

resource "aws_kms_key" "home" {
  provider = aws.us_east_1

  description         = "Secrets and logs of ${var.name}"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.home_key.json
}
