# The distribution, unless there is one already. What it consists of is in behaviours.tf.

locals {
  uses_own_certificate = var.certificate_arn != null

  # Of all behaviours, and from nothing that is only known when it is made. A closed path that is an origin's as well is one
  # behaviour.
  closed_patterns = concat(keys(local.exclusive_patterns), [for path in var.bearer_paths : trimprefix(path, "/")])
  patterns = [for path in concat(
    ["cookie/*"],
    local.signs_in ? [".sign-in/*"] : [],
    local.closed_patterns,
    [for prefix in var.uploads[*].prefix : "${prefix}/*"],
    [for path in flatten(values(var.origins)[*].path_patterns) : path if !contains(local.closed_patterns, trimprefix(path, "/"))],
    var.public_paths,
  ) : trimprefix(path, "/")]

  # What distribution_parts have beside them: where new keys are tried, which here is the default behaviour.
  probe_behaviours = local.creates_distribution ? 0 : 1

  # One element, or none.
  countries_allowed = flatten([for list in var.viewer_restrictions[*].countries_allowed : sort(list)])
  countries_denied  = flatten([for list in var.viewer_restrictions[*].countries_denied : sort(list)])
  country_list      = concat([for code in local.countries_allowed : "whitelist"], [for code in local.countries_denied : "blacklist"], ["none"])[0]

  # What only a distribution of the module's own has. Given together with another it would be dropped silently.
  own_distribution_settings = compact([
    length(var.aliases) > 0 ? "aliases" : "",
    var.dns_zone != null ? "dns_zone" : "",
    var.viewer_restrictions != null ? "viewer_restrictions" : "",
    var.access_logs != null ? "access_logs" : "",
    length(var.origins) > 0 ? "origins" : "",
    var.price_class != "PriceClass_All" ? "price_class" : "",
    var.minimum_tls_version != "TLSv1.2_2021" ? "minimum_tls_version" : "",
  ])
}

resource "terraform_data" "behaviours" {
  lifecycle {
    # The same pattern twice is refused by CloudFront, in the middle of an apply; here, because a distribution that is given
    # has the same behaviours.
    precondition {
      condition     = length(distinct(local.patterns)) == length(local.patterns)
      error_message = "public_paths, bearer_paths, origins and exclusive access_rules must not name the same path pattern; got ${join(", ", distinct([for position, pattern in local.patterns : pattern if index(local.patterns, pattern) != position]))} more than once."
    }

    # CloudFront Developer Guide, Quotas: 75 behaviours, of which one is the default.
    precondition {
      condition     = length(local.patterns) + local.probe_behaviours <= 74
      error_message = "public_paths, bearer_paths, origins and exclusive access_rules must not come to more than 75 behaviours together with the module's own; got ${length(local.patterns) + local.probe_behaviours + 1}. Merge patterns, such as docs/*.css and docs/*.js into docs/*, or serve an origin by a distribution of its own."
    }
  }
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

  name    = "${var.name}-${each.key}"
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

resource "aws_cloudfront_distribution" "content" {
  #checkov:skip=CKV_AWS_68:viewer_restrictions names one; a web ACL costs money by the month
  #checkov:skip=CKV2_AWS_47:viewer_restrictions names one; a web ACL costs money by the month
  #checkov:skip=CKV_AWS_86:access_logs says where they go, by standard logging v2, which checkov does not know
  #checkov:skip=CKV_AWS_174:minimum_tls_version is validated to TLS 1.2 or newer; CloudFront fixes TLSv1 only for its own certificate
  #checkov:skip=CKV_AWS_305:var.default_root_object sets one
  #checkov:skip=CKV_AWS_310:each path has one origin, there is nothing to fail over to
  #checkov:skip=CKV_AWS_374:who may read is decided by login; viewer_restrictions adds countries
  #checkov:skip=CKV2_AWS_32:every behaviour of content has one; checkov does not follow an index into for_each
  #checkov:skip=CKV2_AWS_42:certificate_arn and aliases are the caller's to give
  count = local.creates_distribution ? 1 : 0

  aliases             = var.aliases
  comment             = var.name
  default_root_object = var.default_root_object
  enabled             = true
  http_version        = "http2and3"
  price_class         = var.price_class
  web_acl_id          = one(var.viewer_restrictions[*].web_acl_arn)

  # A policy bound to an address can name IPv4 only (CloudFront Developer Guide, Set signed cookies using a custom policy).
  is_ipv6_enabled = !var.cookie_scope.bound_to_ip

  # The first rotation proves its key through the distribution, so it has to be there.
  wait_for_deployment = true

  tags = var.tags

  dynamic "origin" {
    for_each = concat(local.module_origins, values(local.further_origins))

    content {
      domain_name              = origin.value.domain_name
      origin_access_control_id = origin.value.origin_access_control_id
      origin_id                = origin.value.origin_id
      origin_path              = origin.value.origin_path

      dynamic "custom_header" {
        for_each = origin.value.headers

        content {
          name  = custom_header.key
          value = custom_header.value
        }
      }

      dynamic "custom_origin_config" {
        for_each = origin.value.protocol_policy[*]

        content {
          http_port              = origin.value.http_port
          https_port             = origin.value.https_port
          origin_protocol_policy = custom_origin_config.value
          origin_ssl_protocols   = ["TLSv1.2"]
        }
      }

      dynamic "vpc_origin_config" {
        for_each = origin.value.vpc_origin_ids

        content {
          vpc_origin_id = vpc_origin_config.value
        }
      }
    }
  }

  dynamic "custom_error_response" {
    for_each = local.error_pages

    content {
      error_caching_min_ttl = custom_error_response.value.error_caching_min_ttl
      error_code            = custom_error_response.value.error_code
      response_code         = custom_error_response.value.response_code
      response_page_path    = custom_error_response.value.response_page_path
    }
  }

  default_cache_behavior {
    allowed_methods            = local.default_behaviour.allowed_methods
    cache_policy_id            = local.default_behaviour.cache_policy_id
    cached_methods             = ["GET", "HEAD"]
    compress                   = local.default_behaviour.compress
    origin_request_policy_id   = local.default_behaviour.origin_request_policy_id
    response_headers_policy_id = local.default_behaviour.response_headers_policy_id
    target_origin_id           = local.default_behaviour.target_origin_id
    trusted_key_groups         = local.default_behaviour.trusted_key_groups
    viewer_protocol_policy     = local.default_behaviour.viewer_protocol_policy

    dynamic "function_association" {
      for_each = local.default_behaviour.function_arns

      content {
        event_type   = "viewer-request"
        function_arn = function_association.value
      }
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = local.behaviours

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
          event_type   = "viewer-request"
          include_body = false
          lambda_arn   = lambda_function_association.value
        }
      }
    }
  }

  restrictions {
    geo_restriction {
      locations        = concat(local.countries_allowed, local.countries_denied)
      restriction_type = local.country_list
    }
  }

  viewer_certificate {
    acm_certificate_arn            = var.certificate_arn
    cloudfront_default_certificate = !local.uses_own_certificate
    minimum_protocol_version       = local.uses_own_certificate ? var.minimum_tls_version : "TLSv1"
    ssl_support_method             = local.uses_own_certificate ? "sni-only" : null
  }

  lifecycle {
    precondition {
      condition     = length(local.origins_inside_closed) == 0
      error_message = "origins must not have path_patterns inside an exclusive path of access_rules or inside bearer_paths, because those go first: ${join("; ", local.origins_inside_closed)}. Let the origin serve the whole directory, or put them side by side."
    }
  }
}
