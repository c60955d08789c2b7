# The pages of the sign-in: static ones that people meet who come without cookies, in a bucket of their own.

locals {
  pages_folder = "${path.module}/dist/pages"
  pages_origin = "pages"
  pages        = local.signs_in ? fileset(local.pages_folder, "*") : []

  page_content_types = {
    css  = "text/css; charset=utf-8"
    html = "text/html; charset=utf-8"
    js   = "text/javascript; charset=utf-8"
    svg  = "image/svg+xml"
  }

  # The script must be the one whose hash the page names, also right after an update of the module.
  page_cache_controls = { "denied.js" = "no-cache" }
}

# Apart from the content, because people mirror a folder into the content's and delete what is not in it.
resource "aws_s3_bucket" "pages" {
  #checkov:skip=CKV_AWS_18:public pages of the module; CloudFront serves every reader and can log them
  #checkov:skip=CKV_AWS_21:Terraform has every version
  #checkov:skip=CKV_AWS_144:Terraform can make it again anywhere
  #checkov:skip=CKV_AWS_145:S3's own key; the pages are public
  #checkov:skip=CKV2_AWS_61:Terraform removes what it does not need
  #checkov:skip=CKV2_AWS_62:nothing here waits for an upload
  count = local.signs_in ? 1 : 0

  bucket        = "${local.signer_name}-pages"
  force_destroy = true

  tags = var.tags
}

# What closes a bucket stands twice, here and in content.tf. With one resource for both, each would be closed only when the
# other is there as well, and would ask which of them it is: they differ in key, versions and readers.
resource "aws_s3_bucket_public_access_block" "pages" {
  count = local.signs_in ? 1 : 0

  bucket = aws_s3_bucket.pages[0].id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "pages" {
  count = local.signs_in ? 1 : 0

  bucket = aws_s3_bucket.pages[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }

  # S3 refuses two of a bucket's settings at a time ("a conditional operation is currently in progress").
  depends_on = [aws_s3_bucket_public_access_block.pages]
}

resource "aws_s3_bucket_server_side_encryption_configuration" "pages" {
  count = local.signs_in ? 1 : 0

  bucket = aws_s3_bucket.pages[0].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

data "aws_iam_policy_document" "pages" {
  count = local.signs_in ? 1 : 0

  # With the list, a page that is not there is a 404; without, S3 says 403, and the answer would be the page for 403.
  statement {
    sid       = "DistributionReadsPages"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [aws_s3_bucket.pages[0].arn, "${aws_s3_bucket.pages[0].arn}/*"]

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

  statement {
    sid       = "RefusePlainHttp"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.pages[0].arn, "${aws_s3_bucket.pages[0].arn}/*"]

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

resource "aws_s3_bucket_policy" "pages" {
  count = local.signs_in ? 1 : 0

  bucket = aws_s3_bucket.pages[0].id
  policy = data.aws_iam_policy_document.pages[0].json

  depends_on = [aws_s3_bucket_ownership_controls.pages]
}

resource "aws_s3_object" "page" {
  for_each = local.pages

  bucket       = aws_s3_bucket.pages[0].id
  key          = ".sign-in/${each.key}"
  source       = "${local.pages_folder}/${each.key}"
  source_hash  = filemd5("${local.pages_folder}/${each.key}")
  content_type = local.page_content_types[reverse(split(".", each.key))[0]]

  # A page tells how things stand right now: shown again by the back button it would mislead.
  cache_control = endswith(each.key, ".html") ? "no-store" : lookup(local.page_cache_controls, each.key, "max-age=300")

  tags = var.tags
}
