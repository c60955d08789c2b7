# The distribution. Everything needs signed cookies, except public_paths and the one path where cookies come from.

locals {
  # CloudFront's managed policies, by number: the same in every account, and looking them up would need
  # the API at plan time (CloudFront Developer Guide, Use managed cache policies, Use managed origin request policies).
  caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  caching_disabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  cors_s3_origin    = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"

  # Without the Origin header S3 answers a preflight with an error (S3 User Guide, Using cross-origin resource sharing).
  origin_request_policy = length(var.allowed_origins) > 0 ? local.cors_s3_origin : null

  bucket_origin = "bucket"

  uses_own_certificate = var.certificate_arn != null

  # Uploads are shown and played, never run: the sandbox gives them an origin of their own without scripts
  # (Content Security Policy Level 3, directive sandbox).
  content_security_policies = {
    content = var.content_security_policy
    uploads = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
  }

  # What differs from the default behaviour, in the order in which CloudFront looks. Uploads are signed like everything
  # else, but what one user uploads must not run as a page of this host for another.
  bucket_behaviours = concat(
    [for path in var.public_paths : { path_pattern = path, headers = "content", is_signed = false }],
    local.uploads_enabled ? [{ path_pattern = "${var.uploads.prefix}/*", headers = "uploads", is_signed = true }] : [],
  )
}

resource "aws_cloudfront_origin_access_control" "content" {
  name                              = var.name
  description                       = "Lets the distribution ${var.name} read its bucket"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_response_headers_policy" "content" {
  #checkov:skip=CKV_AWS_259:a year of HSTS is sent; preload and subdomains would bind more of the caller's domain than this host
  for_each = { for name, policy in local.content_security_policies : name => policy if name == "content" || local.uploads_enabled }

  name    = each.key == "content" ? var.name : "${var.name}-${each.key}"
  comment = "Security headers and CORS of ${var.name}, ${each.key}"

  dynamic "cors_config" {
    for_each = length(var.allowed_origins) > 0 ? [true] : []

    content {
      access_control_allow_credentials = true
      access_control_max_age_sec       = 3600
      origin_override                  = true

      access_control_allow_headers {
        items = ["Authorization", "Content-Type", "If-Modified-Since", "If-None-Match", "Range"]
      }

      access_control_allow_methods {
        items = ["GET", "HEAD", "OPTIONS"]
      }

      access_control_allow_origins {
        items = var.allowed_origins
      }

      access_control_expose_headers {
        items = ["Accept-Ranges", "Content-Length", "Content-Range", "ETag"]
      }
    }
  }

  security_headers_config {
    dynamic "content_security_policy" {
      for_each = compact([each.value])

      content {
        content_security_policy = content_security_policy.value
        override                = true
      }
    }

    content_type_options {
      override = true
    }

    frame_options {
      frame_option = "SAMEORIGIN"
      override     = true
    }

    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = true
    }

    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }
  }
}

resource "aws_cloudfront_distribution" "content" {
  #checkov:skip=CKV_AWS_68:a web ACL costs money by the month; it is the caller's decision
  #checkov:skip=CKV2_AWS_47:a web ACL costs money by the month; it is the caller's decision
  #checkov:skip=CKV_AWS_86:where access logs go, and for how long, is the caller's decision
  #checkov:skip=CKV_AWS_174:minimum_tls_version is validated to TLS 1.2 or newer; CloudFront fixes TLSv1 only for its own certificate
  #checkov:skip=CKV_AWS_305:var.default_root_object sets one
  #checkov:skip=CKV_AWS_310:the bucket is the only origin, there is nothing to fail over to
  #checkov:skip=CKV_AWS_374:who may read is decided by login, not by country
  #checkov:skip=CKV2_AWS_32:every behaviour of content has one; checkov does not follow an index into for_each
  #checkov:skip=CKV2_AWS_42:certificate_arn and aliases are the caller's to give
  aliases             = var.aliases
  comment             = var.name
  default_root_object = var.default_root_object
  enabled             = true
  http_version        = "http2and3"
  price_class         = var.price_class

  # A policy bound to an address can name IPv4 only (CloudFront Developer Guide, Set signed cookies using a custom policy).
  is_ipv6_enabled = !var.cookies_bound_to_ip

  # The first rotation proves its key through the distribution, so it has to be there.
  wait_for_deployment = true

  tags = var.tags

  origin {
    domain_name              = aws_s3_bucket.content.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.content.id
    origin_id                = local.bucket_origin
  }

  default_cache_behavior {
    allowed_methods            = ["GET", "HEAD", "OPTIONS"]
    cache_policy_id            = local.caching_optimized
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    origin_request_policy_id   = local.origin_request_policy
    response_headers_policy_id = aws_cloudfront_response_headers_policy.content["content"].id
    target_origin_id           = local.bucket_origin
    trusted_key_groups         = [aws_cloudfront_key_group.signing_keys.id]
    viewer_protocol_policy     = "redirect-to-https"
  }

  # First, so that no public path can take it over. CloudFront checks signatures before it runs functions: a behaviour
  # that hands out cookies must not ask for them. The function answers every request, the bucket is never asked.
  ordered_cache_behavior {
    path_pattern    = "cookie/*"
    allowed_methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cache_policy_id = local.caching_disabled
    cached_methods  = ["GET", "HEAD"]
    compress        = false
    # Explicit: the provider does not notice when an absent list should empty a present one.
    trusted_key_groups = []
    target_origin_id   = local.bucket_origin
    # No redirect: it would come after the token had crossed the network in the clear.
    viewer_protocol_policy = "https-only"

    lambda_function_association {
      event_type   = "viewer-request"
      include_body = false
      lambda_arn   = aws_lambda_function.signer.qualified_arn
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.bucket_behaviours

    content {
      path_pattern               = ordered_cache_behavior.value.path_pattern
      allowed_methods            = ["GET", "HEAD", "OPTIONS"]
      cache_policy_id            = local.caching_optimized
      cached_methods             = ["GET", "HEAD"]
      compress                   = true
      origin_request_policy_id   = local.origin_request_policy
      response_headers_policy_id = aws_cloudfront_response_headers_policy.content[ordered_cache_behavior.value.headers].id
      target_origin_id           = local.bucket_origin
      trusted_key_groups         = ordered_cache_behavior.value.is_signed ? [aws_cloudfront_key_group.signing_keys.id] : []
      viewer_protocol_policy     = "redirect-to-https"
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn            = var.certificate_arn
    cloudfront_default_certificate = !local.uses_own_certificate
    minimum_protocol_version       = local.uses_own_certificate ? var.minimum_tls_version : "TLSv1"
    ssl_support_method             = local.uses_own_certificate ? "sni-only" : null
  }
}
