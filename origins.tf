# Further origins of the distribution: what lies behind the same cookies and is not in the bucket.

locals {
  # What signed people bring along is theirs to show to CloudFront and to nobody behind it.
  module_cookies = [
    "CloudFront-Hash-Algorithm", "CloudFront-Key-Pair-Id", "CloudFront-Policy", "CloudFront-Signature", "__Host-fresh", "__Host-session",
  ]

  # As they stand in a distribution, by name.
  further_origins = { for name, origin in var.origins : name => {
    domain_name              = origin.domain_name
    origin_access_control_id = origin.kind == "s3" ? aws_cloudfront_origin_access_control.content.id : null
    origin_id                = name
    origin_path              = origin.path_prefix
    headers                  = origin.headers
    protocol_policy          = origin.kind == "http" ? "${origin.protocol}-only" : null
    http_port                = origin.protocol == "http" ? coalesce(origin.port, 80) : 80
    https_port               = origin.protocol == "https" ? coalesce(origin.port, 443) : 443
    vpc_origin_ids           = [for id in [origin.vpc_origin_id] : id if origin.kind == "vpc"]
  } }

  further_behaviours = flatten([for name, origin in var.origins : [
    for path in origin.path_patterns : merge(local.content_behaviour, {
      path_pattern               = trimprefix(path, "/")
      allowed_methods            = origin.writes_allowed ? local.every_method : local.reading_methods
      cache_policy_id            = coalesce(origin.cache_policy_id, origin.kind == "s3" ? local.caching_optimized : local.caching_disabled)
      origin_request_policy_id   = try(coalesce(origin.origin_request_policy_id, origin.kind == "s3" ? local.content_behaviour.origin_request_policy_id : aws_cloudfront_origin_request_policy.further[0].id), null)
      response_headers_policy_id = coalesce(origin.response_headers_policy_id, local.headers_policy_ids["content"])
      target_origin_id           = name
      trusted_key_groups         = origin.signature_required ? local.common_key_group_ids : []
    })
  ]])

  # What is closed goes first, so that these would never be asked for.
  origins_inside_closed = flatten([for name, origin in var.origins : [for path in origin.path_patterns : [
    for pattern, beginning in merge(
      { for bearer in var.bearer_paths : trimprefix(bearer, "/") => "^${replace(trimsuffix(trimprefix(bearer, "/"), "*"), ".", "\\.")}" },
      local.exclusive_beginnings,
    ) : "${path} (${name}) lies inside /${pattern}" if trimprefix(path, "/") != pattern && can(regex(beginning, trimprefix(path, "/")))
  ]]])

  needs_origin_request_policy = anytrue([for origin in values(var.origins) : origin.kind != "s3"])
}

# All of the request, as an application expects it, except what would let the origin act in somebody's name elsewhere. The
# host is the origin's own, which is what its certificate is for.
resource "aws_cloudfront_origin_request_policy" "further" {
  count = local.needs_origin_request_policy ? 1 : 0

  name    = "${var.name}-origins"
  comment = "What further origins of ${var.name} see of a request: no host, and no cookie of the module"

  cookies_config {
    cookie_behavior = "allExcept"

    cookies {
      items = local.module_cookies
    }
  }

  headers_config {
    header_behavior = "allExcept"

    headers {
      items = ["Host"]
    }
  }

  query_strings_config {
    query_string_behavior = "all"
  }
}
