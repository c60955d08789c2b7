# Every kind of CloudFront resource that the module makes, each once, for a terraform run against the local AWS.
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

variable "public_key" {
  description = "PEM public key, RSA 2048 or ECDSA P-256."
  type        = string
}

variable "function_zip" {
  description = "Zip of the Lambda function at the edge."
  type        = string
}

data "aws_cloudfront_cache_policy" "disabled" {
  name = "Managed-CachingDisabled"
}

data "aws_cloudfront_origin_request_policy" "all_viewer" {
  name = "Managed-AllViewerExceptHostHeader"
}

data "aws_cloudfront_response_headers_policy" "security" {
  name = "Managed-SecurityHeadersPolicy"
}

resource "aws_s3_bucket" "content" {
  bucket_prefix = "control-plane-"
}

resource "aws_cloudfront_public_key" "signer" {
  name_prefix = "control-plane-"
  encoded_key = var.public_key
  comment     = "made by the test"
}

resource "aws_cloudfront_key_group" "signer" {
  name  = "control-plane"
  items = [aws_cloudfront_public_key.signer.id]
}

resource "aws_cloudfront_origin_access_control" "content" {
  name                              = "control-plane"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_cache_policy" "content" {
  name        = "control-plane"
  min_ttl     = 1
  default_ttl = 60
  max_ttl     = 3600

  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_brotli = true
    enable_accept_encoding_gzip   = true

    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "whitelist"
      headers {
        items = ["Origin", "X-Test"]
      }
    }
    query_strings_config {
      query_string_behavior = "all"
    }
  }
}

resource "aws_cloudfront_origin_request_policy" "content" {
  name = "control-plane"

  cookies_config {
    cookie_behavior = "whitelist"
    cookies {
      items = ["a", "b"]
    }
  }
  headers_config {
    header_behavior = "none"
  }
  query_strings_config {
    query_string_behavior = "none"
  }
}

resource "aws_cloudfront_response_headers_policy" "content" {
  name = "control-plane"

  cors_config {
    access_control_allow_credentials = true
    access_control_max_age_sec       = 600
    origin_override                  = true

    access_control_allow_headers {
      items = ["Authorization"]
    }
    access_control_allow_methods {
      items = ["GET", "HEAD"]
    }
    access_control_allow_origins {
      items = ["https://app.example.com"]
    }
  }

  custom_headers_config {
    items {
      header   = "X-Test"
      override = true
      value    = "<&>"
    }
  }

  security_headers_config {
    content_type_options {
      override = true
    }
    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = true
      override                   = true
      preload                    = false
    }
  }
}

resource "aws_cloudfront_function" "index" {
  name    = "control-plane"
  runtime = "cloudfront-js-2.0"
  code    = "function handler(event) { return event.request }"
  publish = true
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "edge" {
  name               = "control-plane-edge"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_lambda_function" "edge" {
  function_name    = "control-plane-edge"
  role             = aws_iam_role.edge.arn
  runtime          = "nodejs22.x"
  handler          = "index.handler"
  filename         = var.function_zip
  source_code_hash = filebase64sha256(var.function_zip)
  publish          = true
  skip_destroy     = true
}

resource "aws_cloudfront_distribution" "content" {
  enabled             = true
  comment             = "control plane"
  default_root_object = "index.html"
  http_version        = "http2and3"
  is_ipv6_enabled     = true
  price_class         = "PriceClass_100"
  wait_for_deployment = false

  origin {
    domain_name              = aws_s3_bucket.content.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.content.id
    origin_id                = "content"
  }

  default_cache_behavior {
    allowed_methods            = ["GET", "HEAD", "OPTIONS"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = aws_cloudfront_cache_policy.content.id
    compress                   = true
    origin_request_policy_id   = aws_cloudfront_origin_request_policy.content.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.content.id
    target_origin_id           = "content"
    trusted_key_groups         = [aws_cloudfront_key_group.signer.id]
    viewer_protocol_policy     = "redirect-to-https"

    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.index.arn
    }
  }

  ordered_cache_behavior {
    path_pattern               = "cookie/*"
    allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods             = ["GET", "HEAD"]
    cache_policy_id            = data.aws_cloudfront_cache_policy.disabled.id
    origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.all_viewer.id
    response_headers_policy_id = data.aws_cloudfront_response_headers_policy.security.id
    target_origin_id           = "content"
    viewer_protocol_policy     = "https-only"

    lambda_function_association {
      event_type   = "viewer-request"
      lambda_arn   = aws_lambda_function.edge.qualified_arn
      include_body = false
    }
  }

  custom_error_response {
    error_code            = 403
    error_caching_min_ttl = 0
    response_code         = 403
    response_page_path    = "/error.html"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }

  tags = {
    stage = "test"
  }
}

resource "aws_cloudfront_monitoring_subscription" "content" {
  distribution_id = aws_cloudfront_distribution.content.id

  monitoring_subscription {
    realtime_metrics_subscription_config {
      realtime_metrics_subscription_status = "Enabled"
    }
  }
}

output "domain_name" {
  description = "Host of the distribution."
  value       = aws_cloudfront_distribution.content.domain_name
}

# What moto must keep of a login, so that the plan stays empty: rotation of refresh tokens.
resource "aws_cognito_user_pool" "people" {
  name = "control-plane"
}

resource "aws_cognito_user_pool_client" "app" {
  name                                 = "control-plane"
  user_pool_id                         = aws_cognito_user_pool.people.id
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_scopes                 = ["openid"]
  callback_urls                        = ["https://app.example.com/cookie/callback"]
  explicit_auth_flows                  = ["ALLOW_USER_SRP_AUTH"]
  logout_urls                          = ["https://app.example.com/.sign-in/signed-out.html"]
  supported_identity_providers         = ["COGNITO"]

  refresh_token_rotation {
    feature                    = "ENABLED"
    retry_grace_period_seconds = 60
  }
}
