# The distribution. Everything needs signed cookies, except public_paths, bearer_paths, where a token is looked at instead,
# the one path where cookies come from, and the pages of the sign-in.

locals {
  # CloudFront's managed policies, by number: the same in every account, and looking them up would need
  # the API at plan time (CloudFront Developer Guide, Use managed cache policies, Use managed origin request policies).
  caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  caching_disabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  cors_s3_origin    = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"

  # Without the Origin header S3 answers a preflight with an error (S3 User Guide, Using cross-origin resource sharing).
  origin_request_policy = length(var.allowed_origins) > 0 ? local.cors_s3_origin : null

  bucket_origin = "bucket"

  # CloudFront Functions, published from cloudfront-functions/: what a path without a file stands for.
  rewrites_paths = var.site_mode != "files"

  uses_own_certificate = var.certificate_arn != null

  # Header policies: one for content, and two for what has to be kept on a shorter lead. Uploads are shown and played,
  # never run: the sandbox gives them an origin of their own without scripts (Content Security Policy Level 3, directive
  # sandbox). The pages of the sign-in load nothing but themselves, and nobody frames them.
  content_security_policies = { for name, policy in {
    content = var.content_security_policy
    uploads = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
    sign-in = "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self'; script-src 'self'; style-src 'self'"
  } : name => policy if name == "content" || name == "uploads" && local.uploads_enabled || name == "sign-in" && local.signs_in }

  # What differs from the default behaviour, in the order in which CloudFront looks: what is closed goes before what is
  # open. Uploads are signed like everything else, but what one user uploads must not run as a page of this host for
  # another.
  bucket_behaviours = concat(
    [for pattern in local.signs_in ? [".sign-in/*"] : [] : { path_pattern = pattern, origin = local.pages_origin, headers = "sign-in", trusts = [], rewrites = false, takes_tokens = false }],
    [for pattern, label in local.exclusive_patterns : {
      path_pattern = pattern
      origin       = local.bucket_origin
      headers      = startswith(pattern, "${try(var.uploads.prefix, "/")}/") ? "uploads" : "content"
      trusts       = [aws_cloudfront_key_group.exclusive[label].id]
      rewrites     = !startswith(pattern, "${try(var.uploads.prefix, "/")}/")
      takes_tokens = false
    }],
    [for path in var.bearer_paths : { path_pattern = trimprefix(path, "/"), origin = local.bucket_origin, headers = "content", trusts = [], rewrites = false, takes_tokens = true }],
    [for path in var.public_paths : { path_pattern = path, origin = local.bucket_origin, headers = "content", trusts = [], rewrites = true, takes_tokens = false }],
    [for prefix in var.uploads[*].prefix : { path_pattern = "${prefix}/*", origin = local.bucket_origin, headers = "uploads", trusts = local.common_key_group_ids, rewrites = false, takes_tokens = false }],
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
  for_each = local.content_security_policies

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
      frame_option = each.key == "sign-in" ? "DENY" : "SAMEORIGIN"
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

  lifecycle {
    # So that one goes after the distribution has let go of it: CloudFront does not delete what is in use.
    create_before_destroy = true
  }
}

resource "aws_cloudfront_function" "paths" {
  count = local.rewrites_paths ? 1 : 0

  name    = "${var.name}-paths"
  comment = "What a path without a file stands for in ${var.name}: ${var.site_mode}"
  code    = file("${path.module}/cloudfront-functions/${var.site_mode}.js")
  publish = true
  runtime = "cloudfront-js-2.0"

  lifecycle {
    # As with the header policies.
    create_before_destroy = true
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

  dynamic "origin" {
    for_each = aws_s3_bucket.pages[*].bucket_regional_domain_name

    content {
      domain_name              = origin.value
      origin_access_control_id = aws_cloudfront_origin_access_control.content.id
      origin_id                = local.pages_origin
    }
  }

  # Whoever has no cookies, or cookies that do not open the path, gets a page that leads on. The status stays, so that
  # programs see what it is; and nothing is kept, because the next request may come with cookies.
  dynamic "custom_error_response" {
    for_each = local.signs_in ? [403] : []

    content {
      error_caching_min_ttl = 0
      error_code            = custom_error_response.value
      response_code         = custom_error_response.value
      response_page_path    = "/.sign-in/denied.html"
    }
  }

  default_cache_behavior {
    allowed_methods            = ["GET", "HEAD", "OPTIONS"]
    cache_policy_id            = local.caching_optimized
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    origin_request_policy_id   = local.origin_request_policy
    response_headers_policy_id = aws_cloudfront_response_headers_policy.content["content"].id
    target_origin_id           = local.bucket_origin
    trusted_key_groups         = local.common_key_group_ids
    viewer_protocol_policy     = "redirect-to-https"

    dynamic "function_association" {
      for_each = aws_cloudfront_function.paths[*].arn

      content {
        event_type   = "viewer-request"
        function_arn = function_association.value
      }
    }
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
      target_origin_id           = ordered_cache_behavior.value.origin
      trusted_key_groups         = ordered_cache_behavior.value.trusts
      viewer_protocol_policy     = ordered_cache_behavior.value.takes_tokens ? "https-only" : "redirect-to-https"

      dynamic "function_association" {
        for_each = ordered_cache_behavior.value.rewrites ? aws_cloudfront_function.paths[*].arn : []

        content {
          event_type   = "viewer-request"
          function_arn = function_association.value
        }
      }

      # The cache policy does not look at Authorization, so that everybody who may see an object shares it, and no origin
      # sees a token (CloudFront Developer Guide, Configure CloudFront to forward the Authorization header).
      dynamic "lambda_function_association" {
        for_each = ordered_cache_behavior.value.takes_tokens ? [aws_lambda_function.signer.qualified_arn] : []

        content {
          event_type   = "viewer-request"
          include_body = false
          lambda_arn   = lambda_function_association.value
        }
      }
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
