# A distribution of your own, as you have it, with what the module needs in it. Copy the four marked parts into yours.

locals {
  parts = module.content.distribution_parts
}

resource "aws_cloudfront_distribution" "company" {
  #checkov:skip=CKV_AWS_68:an example; put your web ACL here
  #checkov:skip=CKV2_AWS_47:an example; put your web ACL here
  #checkov:skip=CKV_AWS_86:an example; put your logs here
  #checkov:skip=CKV_AWS_174:CloudFront's own certificate, whose TLS policy is fixed
  #checkov:skip=CKV_AWS_310:an example; each path has one origin
  #checkov:skip=CKV_AWS_374:who may read is decided by login
  #checkov:skip=CKV2_AWS_32:the module's behaviours have one
  #checkov:skip=CKV2_AWS_42:an example; put your certificate here
  comment = "${var.name}, a distribution that was there before"
  enabled = true

  # Marked part 1: without a root object the bare host name would be the bucket itself, and S3 would list it.
  default_root_object = local.parts.default_root_object
  is_ipv6_enabled     = local.parts.is_ipv6_enabled

  # Yours: whatever was there before.
  origin {
    domain_name = var.shop_host
    origin_id   = "shop"

    custom_origin_config {
      http_port              = var.shop_port
      https_port             = 443
      origin_protocol_policy = var.shop_port == 443 ? "https-only" : "http-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  # Marked part 2: the bucket, and the pages of the sign-in.
  dynamic "origin" {
    for_each = local.parts.origins

    content {
      domain_name              = origin.value.domain_name
      origin_access_control_id = origin.value.origin_access_control_id
      origin_id                = origin.value.origin_id
    }
  }

  dynamic "custom_error_response" {
    for_each = local.parts.error_pages

    content {
      error_caching_min_ttl = custom_error_response.value.error_caching_min_ttl
      error_code            = custom_error_response.value.error_code
      response_code         = custom_error_response.value.response_code
      response_page_path    = custom_error_response.value.response_page_path
    }
  }

  # Marked part 3: everything is private unless a behaviour below says otherwise. Keep your own default behaviour instead
  # if only some paths are to be private, and make an ordered one of this with a path_pattern. New keys are tried at
  # .well-known/signing-key-probe: part 4 has a signed behaviour for it, without which the trial would prove nothing.
  default_cache_behavior {
    allowed_methods            = local.parts.default_behaviour.allowed_methods
    cache_policy_id            = local.parts.default_behaviour.cache_policy_id
    cached_methods             = ["GET", "HEAD"]
    compress                   = local.parts.default_behaviour.compress
    origin_request_policy_id   = local.parts.default_behaviour.origin_request_policy_id
    response_headers_policy_id = local.parts.default_behaviour.response_headers_policy_id
    target_origin_id           = local.parts.default_behaviour.target_origin_id
    trusted_key_groups         = local.parts.default_behaviour.trusted_key_groups
    viewer_protocol_policy     = local.parts.default_behaviour.viewer_protocol_policy

    dynamic "function_association" {
      for_each = local.parts.default_behaviour.function_arns

      content {
        event_type   = "viewer-request"
        function_arn = function_association.value
      }
    }
  }

  # Marked part 4: cookie/* and the others, before yours, so that none of yours takes them over.
  dynamic "ordered_cache_behavior" {
    for_each = local.parts.behaviours

    content {
      path_pattern               = ordered_cache_behavior.value.path_pattern
      allowed_methods            = ordered_cache_behavior.value.allowed_methods
      cache_policy_id            = ordered_cache_behavior.value.cache_policy_id
      cached_methods             = ["GET", "HEAD"]
      compress                   = ordered_cache_behavior.value.compress
      origin_request_policy_id   = ordered_cache_behavior.value.origin_request_policy_id
      response_headers_policy_id = ordered_cache_behavior.value.response_headers_policy_id
      target_origin_id           = ordered_cache_behavior.value.target_origin_id
      trusted_key_groups         = ordered_cache_behavior.value.trusted_key_groups
      viewer_protocol_policy     = ordered_cache_behavior.value.viewer_protocol_policy

      dynamic "function_association" {
        for_each = ordered_cache_behavior.value.function_arns

        content {
          event_type   = "viewer-request"
          function_arn = function_association.value
        }
      }

      dynamic "function_association" {
        for_each = ordered_cache_behavior.value.response_function_arns

        content {
          event_type   = "viewer-response"
          function_arn = function_association.value
        }
      }

      dynamic "lambda_function_association" {
        for_each = ordered_cache_behavior.value.lambda_function_arns

        content {
          event_type = "viewer-request"
          lambda_arn = lambda_function_association.value
        }
      }
    }
  }

  # Yours again.
  ordered_cache_behavior {
    path_pattern           = "shop/*"
    allowed_methods        = ["GET", "HEAD"]
    cache_policy_id        = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" # Managed-CachingDisabled
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "shop"
    viewer_protocol_policy = "redirect-to-https"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}
