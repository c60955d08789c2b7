# The private bucket, made here or brought along. CloudFront reads it, signed-in users may upload to it, nobody else
# reaches it. Into one that is brought along the module writes nothing, unless it is asked to attach the policy.

locals {
  creates_bucket = var.bucket == null

  # In a list and not by try, which knows nothing of a value of which it does not know all.
  attaches_bucket_policy = alltrue(var.bucket[*].policy_attached)

  bucket_name        = local.creates_bucket ? one(aws_s3_bucket.content[*].id) : one(var.bucket[*].name)
  bucket_arn         = local.creates_bucket ? one(aws_s3_bucket.content[*].arn) : one([for name in var.bucket[*].name : "arn:${local.partition}:s3:::${name}"])
  bucket_domain_name = local.creates_bucket ? one(aws_s3_bucket.content[*].bucket_regional_domain_name) : one(local.given_bucket_domain_names)
  given_bucket_domain_names = [
    for bucket in var.bucket[*] : coalesce(bucket.regional_domain_name, "${bucket.name}.s3.${data.aws_region.current.id}.${data.aws_partition.current.dns_suffix}")
  ]

  # What only a bucket of the module's own has. Given together with another it would be dropped silently.
  own_bucket_settings = compact([
    var.bucket_force_destroy ? "bucket_force_destroy" : "",
    var.versioning.enabled ? "versioning" : "",
    try(var.uploads.abandoned_after_days, 7) != 7 ? "uploads.abandoned_after_days" : "",
  ])

  # Pages of the distribution itself upload from its own hosts.
  upload_origins = local.uploads_enabled ? [for host in local.hosts : "https://${host}"] : []
  bucket_origins = concat(var.allowed_origins, local.upload_origins)

  abandoned_after_days = try(var.uploads.abandoned_after_days, 7)
  has_lifecycle        = local.creates_bucket && (var.versioning.enabled || local.uploads_enabled && local.abandoned_after_days > 0)
}

resource "aws_s3_bucket" "content" {
  #checkov:skip=CKV_AWS_18:CloudFront serves every reader and can log them; who reads the bucket directly is in CloudTrail
  #checkov:skip=CKV_AWS_21:versioning is a choice of the caller (var.versioning)
  #checkov:skip=CKV_AWS_144:a copy in another region is the caller's decision and cost
  #checkov:skip=CKV_AWS_145:S3's own key unless kms_key_arns names one, whose policy has to let CloudFront use it
  #checkov:skip=CKV2_AWS_62:nothing here waits for an upload
  count = local.creates_bucket ? 1 : 0

  bucket_prefix = "${var.name}-"
  force_destroy = var.bucket_force_destroy

  tags = var.tags
}

resource "aws_s3_bucket_public_access_block" "content" {
  count = local.creates_bucket ? 1 : 0

  bucket = aws_s3_bucket.content[0].id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "content" {
  count = local.creates_bucket ? 1 : 0

  bucket = aws_s3_bucket.content[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }

  # S3 refuses two of a bucket's settings at a time ("a conditional operation is currently in progress").
  depends_on = [aws_s3_bucket_public_access_block.content]
}

resource "aws_s3_bucket_server_side_encryption_configuration" "content" {
  count = local.creates_bucket ? 1 : 0

  bucket = aws_s3_bucket.content[0].id

  rule {
    # One request to KMS serves many objects.
    bucket_key_enabled = var.kms_key_arns.bucket == null ? null : true

    apply_server_side_encryption_by_default {
      kms_master_key_id = var.kms_key_arns.bucket
      sse_algorithm     = var.kms_key_arns.bucket == null ? "AES256" : "aws:kms"
    }
  }
}

resource "aws_s3_bucket_versioning" "content" {
  count = local.creates_bucket && var.versioning.enabled ? 1 : 0

  bucket = aws_s3_bucket.content[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

# Only where it has something to do: the provider watches new rules for almost a minute before it believes them.
resource "aws_s3_bucket_lifecycle_configuration" "content" {
  count = local.has_lifecycle ? 1 : 0

  bucket = aws_s3_bucket.content[0].id

  dynamic "rule" {
    for_each = local.abandoned_after_days > 0 ? [local.abandoned_after_days] : []

    content {
      id     = "abandoned-uploads"
      status = "Enabled"

      filter {}

      # Parts of an upload that was never finished are invisible, and paid for.
      abort_incomplete_multipart_upload {
        days_after_initiation = rule.value
      }
    }
  }

  dynamic "rule" {
    for_each = var.versioning.enabled ? [true] : []

    content {
      id     = "noncurrent-versions"
      status = "Enabled"

      filter {}

      expiration {
        expired_object_delete_marker = true
      }

      noncurrent_version_expiration {
        noncurrent_days = var.versioning.noncurrent_days
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.content]
}

resource "aws_s3_bucket_cors_configuration" "content" {
  count = local.creates_bucket && (length(var.allowed_origins) > 0 || local.uploads_enabled) ? 1 : 0

  bucket = aws_s3_bucket.content[0].id

  cors_rule {
    allowed_headers = ["*"]
    allowed_methods = ["DELETE", "GET", "HEAD", "POST", "PUT"]
    allowed_origins = local.bucket_origins
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

data "aws_iam_policy_document" "content" {
  statement {
    sid       = "DistributionReadsObjects"
    actions   = ["s3:GetObject"]
    resources = ["${local.bucket_arn}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [local.distribution_arn]
    }
  }

  # With it a missing object is a 404; without it S3 answers 403, which looks like a refused cookie
  # (S3 API Reference, GetObject). Nobody gets a list by it: every path is a key, and the bare host name, which would be
  # the bucket, is always var.default_root_object; query strings stay at CloudFront.
  statement {
    sid       = "DistributionTellsMissingObjects"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [local.distribution_arn]
    }
  }

  # In the module's own bucket only: others may have readers that the module does not know.
  dynamic "statement" {
    for_each = local.creates_bucket ? [true] : []

    content {
      sid       = "RefusePlainHttp"
      effect    = "Deny"
      actions   = ["s3:*"]
      resources = [local.bucket_arn, "${local.bucket_arn}/*"]

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
}

resource "aws_s3_bucket_policy" "content" {
  count = local.attaches_bucket_policy ? 1 : 0

  bucket = local.bucket_name
  policy = data.aws_iam_policy_document.content.json

  depends_on = [aws_s3_bucket_ownership_controls.content]
}
