# Further origins of the distribution: what lies behind the same cookies and is not in the bucket.

locals {
  # What signed people bring along is theirs to show to CloudFront and to nobody behind it. A policy takes whole names alone
  # (API Reference, OriginRequestPolicyCookiesConfig; only the older settings of a behaviour know wildcards), so a sign-in
  # under way, __Host-sign-in-<id>, goes on to the origin: sealed, good for 15 minutes and only in the browser that
  # began it. So do the long addresses of such, for which there is no room: a policy takes ten names (Quotas).
  # So does what sign_in.token_cookies and sign_in.additional_cookies set, which is for applications.
  module_cookies = [
    "CloudFront-Hash-Algorithm", "CloudFront-Key-Pair-Id", "CloudFront-Policy", "CloudFront-Signature", "__Host-fresh", "__Host-session", "__Host-sign-in-again",
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

  # Their behaviours by pattern.
  behaviours_of_origins = merge([for name, origin in var.origins : {
    for path in origin.path_patterns : trimprefix(path, "/") => merge(local.content_behaviour, {
      path_pattern               = trimprefix(path, "/")
      allowed_methods            = origin.writes_allowed ? local.every_method : local.reading_methods
      cache_policy_id            = coalesce(origin.cache_policy_id, origin.kind == "s3" ? local.caching_optimized : local.caching_disabled)
      origin_request_policy_id   = try(coalesce(origin.origin_request_policy_id, origin.kind == "s3" ? local.content_behaviour.origin_request_policy_id : aws_cloudfront_origin_request_policy.further[0].id), null)
      response_headers_policy_id = coalesce(origin.response_headers_policy_id, local.headers_policy_ids["content"])
      # How S3 reads an address is known; of another origin no more than that it may resolve segments of dots.
      function_arns      = local.function_arns[origin.kind == "s3" ? "files" : "dot-segments"]
      target_origin_id   = name
      trusted_key_groups = origin.signature_required ? local.common_key_group_ids : []
    })
  }]...)

  # CloudFront takes the first pattern that matches. The one that says more up to its first wildcard goes first, then the one
  # that says more in all, then the signed one. A pattern that holds another one never says more: so nothing that is signed
  # lies wholly inside something unsigned that goes before it, whatever the origins are called.
  patterns_of_origins = sort(flatten([for origin in values(var.origins) : [
    for path in origin.path_patterns : format("%03d%03d%d%s",
      255 - length(regex("^[^*?]*", trimprefix(path, "/"))),
      255 - length(replace(trimprefix(path, "/"), "/[*?]/", "")),
      origin.signature_required ? 0 : 1,
      trimprefix(path, "/"),
    )
  ]]))
  further_behaviours = [for rank in local.patterns_of_origins : local.behaviours_of_origins[substr(rank, 7, -1)]]

  # What is closed goes first, so that these would never be asked for.
  origins_inside_closed = flatten([for name, origin in var.origins : [for path in origin.path_patterns : [
    for pattern, beginning in merge(
      { for bearer in var.bearer_paths : trimprefix(bearer, "/") => "^${replace(trimsuffix(trimprefix(bearer, "/"), "*"), ".", "\\.")}" },
      local.exclusive_beginnings,
    ) : "${path} (${name}) lies inside /${pattern}" if trimprefix(path, "/") != pattern && can(regex(beginning, trimprefix(path, "/")))
  ]]])

  # Exclusive and bearer paths that come from an origin other than S3, and can be had by another behaviour of that origin if
  # it decodes a slash: /app/admin%2Fusers by app/*, or by *.php if it ends so.
  closed_inside_origins = flatten([for pattern, behaviours in local.surroundings : [
    for name in slice(reverse(behaviours[*].target_origin_id), 0, min(length(behaviours), 1)) : [
      for path in var.origins[name].path_patterns : "/${pattern} beside ${path} (${name})"
      if !contains(keys(local.surroundings), trimprefix(path, "/")) && startswith(pattern, regex("^[^*?]*", trimprefix(path, "/")))
    ] if var.origins[name].kind != "s3"
  ]])

  # Whether there are origins other than S3.
  asks_applications = anytrue([for origin in values(var.origins) : origin.kind != "s3"])
}

# CloudFront tells paths apart as they are written, and what an origin makes of one is up to it: said, and not refused.
check "origins_with_closed_paths" {
  assert {
    condition     = length(local.closed_inside_origins) == 0
    error_message = "access_rules and bearer_paths have closed paths in an origin that has others beside them: ${join("; ", local.closed_inside_origins)}. CloudFront takes an address with %2F in place of a slash for one of the others. The origin must refuse such addresses, or check by itself who may see what; or let it have the closed paths alone."
  }
}

# All of the request, as an application expects it, except what would let the origin act in somebody's name elsewhere; but
# for token_cookies, if they are wanted. The host is the origin's own, which is what its certificate is for.
resource "aws_cloudfront_origin_request_policy" "further" {
  count = local.asks_applications ? 1 : 0

  name    = "${var.name}-origins"
  comment = "What further origins of ${var.name} see of a request: no host, no signed cookie and no session"

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

  lifecycle {
    # So that it goes after the distribution has let go of it: CloudFront does not delete what is in use.
    create_before_destroy = true
  }
}
