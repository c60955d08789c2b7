# What a company has already and wants to see used: a bucket, an API, a web ACL, a place for logs, keys, a permissions
# boundary, headers. Take the arguments that you need; each stands alone. What you have is in what-you-have.tf.

provider "aws" {
  region = var.region
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

module "content" {
  # git::https://github.com/OWNER/terraform-aws-cloudfront-signed-cookies.git?ref=v0.1.0
  source = "../../"

  name = var.name

  # The module writes nothing into it. What the distribution needs of its policy is the bucket_policy_json output, which
  # what-you-have.tf puts beside the company's own.
  bucket  = { name = aws_s3_bucket.company.bucket }
  uploads = { prefix = "incoming" }

  # An API behind the same cookies. The header tells it that the distribution asks, and nobody who goes round it; its
  # value is part of the distribution's configuration, so it is in the state as well.
  origins = {
    api = {
      domain_name    = var.api_host
      path_patterns  = ["api/*"]
      writes_allowed = true
      protocol       = var.api_port == 443 ? "https" : "http"
      port           = var.api_port
      headers        = { "X-Origin-Secret" = var.origin_secret }
    }
    # Its health, for everybody: no cookies are asked for. The API finds it at /v1/health/*.
    health = {
      domain_name        = var.api_host
      path_patterns      = ["health/*"]
      path_prefix        = "/v1"
      signature_required = false
      protocol           = var.api_port == 443 ? "https" : "http"
      port               = var.api_port
    }
    # A second bucket: its policy has to let the distribution in, see what-you-have.tf.
    archive = {
      kind          = "s3"
      domain_name   = aws_s3_bucket.archive.bucket_regional_domain_name
      path_patterns = ["archive/*"]
    }
  }

  viewer_restrictions = {
    web_acl_arn      = aws_wafv2_web_acl.company.arn
    countries_denied = ["KP"]
  }

  access_logs = {
    # By way of its policy, so that the delivery finds it there.
    bucket_arn = "arn:${local.partition}:s3:::${aws_s3_bucket_policy.logs.bucket}"
    prefix     = "cloudfront"
  }

  response_headers_policy  = { id = aws_cloudfront_response_headers_policy.company.id }
  permissions_boundary_arn = aws_iam_policy.boundary.arn

  kms_key_arns = {
    bucket  = aws_kms_key.content.arn
    secrets = aws_kms_key.home.arn
    logs    = aws_kms_key.home.arn
  }

  # Cookies that another site's page may use in a frame, kept apart for each such site.
  cookie_same_site = "None"
  cookie_scope     = { partitioned = true }

  tags = { cost-centre = "4711" }

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}
