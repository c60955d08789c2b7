# What a distribution in front of private content consists of. The module makes its own of it, and the distribution_parts
# output gives it to those who have one already.
#
# Everything needs signed cookies, except public_paths, bearer_paths, where a token is looked at instead, the one path where
# cookies come from, and the pages of the sign-in. Nothing here may depend on var.distribution: what callers put there was
# made with it.

locals {
  # CloudFront's managed policies, by number: the same in every account, and looking them up would need
  # the API at plan time (CloudFront Developer Guide, Use managed cache policies, Use managed origin request policies).
  caching_optimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  caching_disabled  = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  cors_s3_origin    = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"

  reading_methods = ["GET", "HEAD", "OPTIONS"]
  every_method    = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

  bucket_origin = "bucket"

  # What a path without a file stands for in the site_mode, and files alone, for what is no part of the site. Both know one
  # way to write an address, without which what lies in a directory with a behaviour of its own could be had by another
  # behaviour, from S3, which decodes what CloudFront does not.
  has_directories = local.uploads_enabled || length(local.exclusive_patterns) + length(var.bearer_paths) > 0 || contains(values(var.origins)[*].kind, "s3")
  path_modes = toset(concat(
    var.site_mode != "files" ? [var.site_mode] : [],
    local.has_directories || var.site_mode == "spa" && length(var.public_paths) > 0 ? ["files"] : [],
  ))

  # The CloudFront Functions: what they are for, and the files in cloudfront-functions/ that each is made of.
  functions = merge(
    { for mode in local.path_modes : mode => { comment = "What a path stands for in ${var.name}: ${mode}", files = ["plain", mode] } },
    { for name, comment in { uploads = "Keeps uploads to ${var.name} in a sandbox" } : name => { comment = comment, files = [name] } if local.uploads_enabled && local.signs_in },
    { for name, comment in { dot-segments = "Refuses what origins of ${var.name} could take for another address" } : name => { comment = comment, files = [name] } if local.asks_applications },
  )
  function_arns = { for name in ["files", "website", "spa", "uploads", "dot-segments"] : name => [for key, function in aws_cloudfront_function.content : function.arn if key == name] }

  # Header policies: one for content, and two for what has to be kept on a shorter lead. Uploads are shown and played,
  # never run. The pages of the sign-in load nothing but themselves, and nobody frames them.
  content_security_policies = { for name, policy in {
    content = var.content_security_policy
    uploads = local.signs_in ? local.uploads_policy_below_page : local.uploads_policy
    sign-in = "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self'; script-src 'self'; style-src 'self'"
  } : name => policy if name == "content" && var.response_headers_policy == null || name == "uploads" && local.uploads_enabled || name == "sign-in" && local.signs_in }

  # The sandbox gives an upload an origin of its own without scripts (Content Security Policy Level 3, directive sandbox).
  #
  # Whether the header policy of an address also reaches the error page that is shown there, AWS documents nowhere. In the
  # sandbox that page could neither sign anybody in nor be styled. So with sign_in a function adds the sandbox to what S3
  # answers, and the policy, should it reach the page, lets its script run and no other: it is named by its hash, which
  # has to be in the page as well (section 8.4, Allowing external JavaScript via hashes).
  uploads_policy            = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
  uploads_policy_below_page = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self'; media-src 'self'; script-src 'sha256-${filebase64sha256("${local.pages_folder}/denied.js")}'; style-src 'self' 'unsafe-inline'"

  headers_policy_ids = merge(
    { for name, policy in aws_cloudfront_response_headers_policy.content : name => policy.id },
    { for id in var.response_headers_policy[*].id : "content" => id },
  )

  module_origin = {
    domain_name              = local.bucket_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.content.id
    origin_id                = local.bucket_origin
    origin_path              = null
    headers                  = {}
    http_port                = null
    https_port               = null
    protocol_policy          = null
    vpc_origin_ids           = []
  }
  module_origins = concat(
    [local.module_origin],
    [for domain_name in aws_s3_bucket.pages[*].bucket_regional_domain_name : merge(local.module_origin, { domain_name = domain_name, origin_id = local.pages_origin })],
  )

  # Whoever has no cookies, or cookies that do not open the path, gets a page that leads on. The status stays, so that
  # programs see what it is; and nothing is kept, because the next request may come with cookies.
  error_pages = [for status in local.signs_in ? [403] : [] : {
    error_caching_min_ttl = 0
    error_code            = status
    response_code         = status
    response_page_path    = "/.sign-in/denied.html"
  }]

  content_behaviour = {
    allowed_methods = local.reading_methods
    cache_policy_id = local.caching_optimized
    compress        = true
    # Without the Origin header S3 answers a preflight with an error (S3 User Guide, Using cross-origin resource sharing).
    origin_request_policy_id   = length(var.allowed_origins) > 0 ? local.cors_s3_origin : null
    response_headers_policy_id = local.headers_policy_ids["content"]
    target_origin_id           = local.bucket_origin
    trusted_key_groups         = local.common_key_group_ids
    viewer_protocol_policy     = "redirect-to-https"
    function_arns              = []
    response_function_arns     = []
    lambda_function_arns       = []
  }
  site_behaviour = merge(local.content_behaviour, { function_arns = local.function_arns[var.site_mode] })
  uploads_behaviour = [for id in [for name, id in local.headers_policy_ids : id if name == "uploads"] : merge(local.content_behaviour, {
    function_arns              = local.function_arns["files"]
    response_function_arns     = local.function_arns["uploads"]
    response_headers_policy_id = id
  })]
  default_behaviour = local.site_behaviour

  # The page that answers everything in a single-page app is private, so it answers nothing that is public.
  public_behaviour = merge(local.content_behaviour, {
    function_arns      = local.function_arns[var.site_mode == "spa" ? "files" : var.site_mode]
    trusted_key_groups = []
  })

  # Before all others, so that no public path can take it over. CloudFront checks signatures before it runs functions: a
  # behaviour that hands out cookies must not ask for them. The function answers every request, the bucket is never asked.
  cookie_behaviour = merge(local.content_behaviour, {
    path_pattern             = "cookie/*"
    allowed_methods          = local.every_method
    cache_policy_id          = local.caching_disabled
    compress                 = false
    lambda_function_arns     = [aws_lambda_function.signer.qualified_arn]
    origin_request_policy_id = null
    # The function sends its own.
    response_headers_policy_id = null
    # Explicit: the provider does not notice when an absent list should empty a present one.
    trusted_key_groups = []
    # No redirect: it would come after the token had crossed the network in the clear.
    viewer_protocol_policy = "https-only"
  })

  # The directories of further origins in which an exclusive or a bearer path lies, which is served from there as well. The
  # last one counts where they are merged, and that must be the one that CloudFront would meet first. Uploads go before
  # them.
  surroundings = { for pattern in concat(keys(local.exclusive_patterns), [for path in var.bearer_paths : trimprefix(path, "/")]) :
    pattern => reverse([for behaviour in local.further_behaviours : behaviour if can(regex("^[^*?]*/\\*$", behaviour.path_pattern)) && startswith(pattern, trimsuffix(behaviour.path_pattern, "*")) && !startswith(pattern, local.uploads_beginning)])
  }
  uploads_beginning = "${try(var.uploads.prefix, "/")}/"

  # Where the rotator tries new keys, for a distribution of the caller's: what its default behaviour does nobody knows here.
  probe_behaviour = merge(local.content_behaviour, { path_pattern = ".well-known/signing-key-probe" })

  # What differs from the default behaviour, in the order in which CloudFront looks: what is closed goes before what is
  # open. Uploads are signed like everything else, but what one user uploads must not run as a page of this host for
  # another: so they go before whatever else could match one, such as *.html.
  closed_behaviours = concat(
    [local.cookie_behaviour],
    [for id in [for name, id in local.headers_policy_ids : id if name == "sign-in"] : merge(local.content_behaviour, {
      path_pattern               = ".sign-in/*"
      response_headers_policy_id = id
      target_origin_id           = local.pages_origin
      trusted_key_groups         = []
    })],
    [for pattern, label in local.exclusive_patterns : merge(concat(
      [local.site_behaviour],
      [for behaviour in local.uploads_behaviour : behaviour if startswith(pattern, local.uploads_beginning)],
      local.surroundings[pattern],
      [{ path_pattern = pattern, trusted_key_groups = [aws_cloudfront_key_group.signing_keys[label].id] }],
    )...)],
    # The cache policy does not look at Authorization, so that everybody who may see an object shares it, and no origin
    # sees a token (CloudFront Developer Guide, Configure CloudFront to forward the Authorization header). Nor a CloudFront
    # Function beside the edge function, which looks at addresses by itself (Restrictions on all edge functions).
    [for path in var.bearer_paths : merge(concat(
      [local.content_behaviour],
      local.surroundings[trimprefix(path, "/")],
      [{
        path_pattern           = trimprefix(path, "/")
        function_arns          = []
        lambda_function_arns   = [aws_lambda_function.signer.qualified_arn]
        trusted_key_groups     = []
        viewer_protocol_policy = "https-only"
      }],
    )...)],
    [for prefix in var.uploads[*].prefix : merge(local.uploads_behaviour[0], { path_pattern = "${prefix}/*" })],
  )
  open_behaviours = [for path in var.public_paths : merge(local.public_behaviour, { path_pattern = path })]
  behaviours = concat(
    local.closed_behaviours,
    [for behaviour in local.further_behaviours : behaviour if !contains(keys(local.surroundings), behaviour.path_pattern)],
    local.open_behaviours,
  )
}

resource "aws_cloudfront_function" "content" {
  for_each = local.functions

  name    = "${var.name}-${each.key}"
  comment = each.value.comment
  code    = join("\n", [for name in each.value.files : file("${path.module}/cloudfront-functions/${name}.js")])
  publish = true
  runtime = "cloudfront-js-2.0"

  lifecycle {
    # As with the header policies.
    create_before_destroy = true
  }
}
