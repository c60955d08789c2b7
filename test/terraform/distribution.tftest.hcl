# CloudFront: what needs a signature and what does not.

mock_provider "aws" {
  source          = "./test/terraform/mocks/content"
  override_during = plan
}

mock_provider "aws" {
  alias           = "us_east_1"
  source          = "./test/terraform/mocks/home"
  override_during = plan
}

variables {
  name = "photos"
}

run "protects_content_by_default" {
  command = plan

  assert {
    condition     = one(aws_cloudfront_distribution.content[0].default_cache_behavior).trusted_key_groups == tolist(["11111111-2222-3333-4444-555555555555"])
    error_message = "The default behaviour trusts the key group."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.content[0].default_cache_behavior).allowed_methods == toset(["GET", "HEAD", "OPTIONS"]) && one(aws_cloudfront_distribution.content[0].default_cache_behavior).viewer_protocol_policy == "redirect-to-https"
    error_message = "It is for reading, over TLS."
  }

  assert {
    condition     = aws_cloudfront_distribution.content[0].http_version == "http2and3" && aws_cloudfront_distribution.content[0].is_ipv6_enabled && aws_cloudfront_distribution.content[0].wait_for_deployment
    error_message = "HTTP/3 and IPv6, and ready when apply ends."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.content[0].viewer_certificate).cloudfront_default_certificate
    error_message = "The certificate is CloudFront's own."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.content[0].origin).origin_access_control_id == "E3EXAMPLE"
    error_message = "The bucket is read by access control."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.content[0].ordered_cache_behavior) == 1 && aws_cloudfront_distribution.content[0].ordered_cache_behavior[0].path_pattern == "cookie/*"
    error_message = "One behaviour for cookies."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.content[0].ordered_cache_behavior[0].trusted_key_groups) == 0
    error_message = "CloudFront would check before the function runs."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.content[0].ordered_cache_behavior[0].lambda_function_association) == { event_type = "viewer-request", include_body = false, lambda_arn = "arn:aws:lambda:us-east-1:123456789012:function:mock:7" }
    error_message = "The function answers at viewer-request, by version."
  }

  assert {
    condition     = aws_cloudfront_distribution.content[0].ordered_cache_behavior[0].cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    error_message = "Nothing is cached."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.content[0].ordered_cache_behavior[0].allowed_methods) == 7 && aws_cloudfront_distribution.content[0].ordered_cache_behavior[0].viewer_protocol_policy == "https-only"
    error_message = "Every method, no plain HTTP."
  }

  assert {
    condition     = length(aws_cloudfront_response_headers_policy.content["content"].cors_config) == 0 && one(aws_cloudfront_distribution.content[0].default_cache_behavior).origin_request_policy_id == null
    error_message = "Nobody else's page reads the content."
  }

  assert {
    condition     = one(one(aws_cloudfront_response_headers_policy.content["content"].security_headers_config).strict_transport_security).access_control_max_age_sec == 31536000 && length(one(aws_cloudfront_response_headers_policy.content["content"].security_headers_config).content_security_policy) == 0
    error_message = "HSTS for a year, no policy that would break pages."
  }
}

run "serves_public_paths_unsigned_after_cookie" {
  command = plan

  variables {
    allowed_origins         = ["https://app.example.com"]
    content_security_policy = "default-src 'self'"
    cookie_scope            = { bound_to_ip = true }
    default_root_object     = "home.html"
    price_class             = "PriceClass_100"
    public_paths            = ["gallery/*", "*.css"]
  }

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : behaviour.path_pattern] == ["cookie/*", "gallery/*", "*.css"]
    error_message = "In the order given, after cookie/*."
  }

  assert {
    condition     = alltrue([for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : length(behaviour.trusted_key_groups) == 0])
    error_message = "None of them asks for a signature."
  }

  assert {
    condition     = !aws_cloudfront_distribution.content[0].is_ipv6_enabled
    error_message = "A cookie bound to an address knows IPv4 only."
  }

  assert {
    condition     = aws_cloudfront_distribution.content[0].default_root_object == "home.html" && aws_cloudfront_distribution.content[0].price_class == "PriceClass_100"
    error_message = "Both options are passed on."
  }

  assert {
    condition     = one(one(aws_cloudfront_response_headers_policy.content["content"].cors_config).access_control_allow_origins).items == toset(["https://app.example.com"]) && one(aws_cloudfront_response_headers_policy.content["content"].cors_config).access_control_allow_credentials
    error_message = "CORS names the origin, with credentials."
  }

  assert {
    condition     = [for behaviour in concat(aws_cloudfront_distribution.content[0].default_cache_behavior, aws_cloudfront_distribution.content[0].ordered_cache_behavior) : coalesce(behaviour.origin_request_policy_id, "none")] == ["88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "none", "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"]
    error_message = "The bucket gets what it needs to answer a preflight; the function answers its own."
  }

  assert {
    condition     = one(one(aws_cloudfront_response_headers_policy.content["content"].security_headers_config).content_security_policy).content_security_policy == "default-src 'self'"
    error_message = "The policy of the pages is sent."
  }
}

run "serves_uploads_signed_and_in_a_sandbox" {
  command = plan

  variables {
    public_paths = ["gallery/*"]
    uploads      = { prefix = "people/photos" }
  }

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : behaviour.path_pattern] == ["cookie/*", "people/photos/*", "gallery/*"]
    error_message = "The uploads' folder has a behaviour of its own, which no public path takes over."
  }

  assert {
    condition     = aws_cloudfront_distribution.content[0].ordered_cache_behavior[1].trusted_key_groups == tolist([aws_cloudfront_key_group.signing_keys["main"].id]) && aws_cloudfront_distribution.content[0].ordered_cache_behavior[1].response_headers_policy_id == aws_cloudfront_response_headers_policy.content["uploads"].id
    error_message = "It asks for cookies like the rest, and sends headers of its own."
  }

  assert {
    condition     = endswith(one(one(aws_cloudfront_response_headers_policy.content["uploads"].security_headers_config).content_security_policy).content_security_policy, "; sandbox") && one(one(aws_cloudfront_response_headers_policy.content["uploads"].security_headers_config).content_security_policy).override
    error_message = "Whatever was uploaded cannot run as a page of this host."
  }

  assert {
    condition     = !can(aws_cloudfront_function.content["uploads"]) && length(aws_cloudfront_distribution.content[0].ordered_cache_behavior[1].function_association) == 1
    error_message = "Without a login there is no page for refusals that would be caught in it, and no function to pay for."
  }
}

run "keeps_the_page_for_refusals_out_of_the_sandbox_of_uploads" {
  command = plan

  variables {
    sign_in = {}
    uploads = { everybody_allowed = true }
  }

  override_resource {
    override_during = plan
    target          = aws_cloudfront_function.content["uploads"]
    values          = { arn = "arn:aws:cloudfront::123456789012:function/photos-uploads" }
  }

  assert {
    condition     = { for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : behaviour.path_pattern => [for association in behaviour.function_association : association.function_arn if association.event_type == "viewer-response"] if length(behaviour.function_association) > 1 } == { "uploads/*" = ["arn:aws:cloudfront::123456789012:function/photos-uploads"] }
    error_message = "A function puts uploads there."
  }

  assert {
    condition     = aws_cloudfront_function.content["uploads"].code == file("cloudfront-functions/uploads.js") && strcontains(aws_cloudfront_function.content["uploads"].code, "value: \"${local.uploads_policy}\"") && aws_cloudfront_function.content["uploads"].publish && aws_cloudfront_function.content["uploads"].runtime == "cloudfront-js-2.0"
    error_message = "With the same words as the header policy where there is no login."
  }

  assert {
    condition     = one(one(aws_cloudfront_response_headers_policy.content["uploads"].security_headers_config).content_security_policy) == { content_security_policy = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src 'self'; media-src 'self'; script-src 'sha256-${filebase64sha256("dist/pages/denied.js")}'; style-src 'self' 'unsafe-inline'", override = true }
    error_message = "The header policy alone lets no script run but that of the page."
  }

  assert {
    condition     = [for behaviour in concat(output.distribution_parts.behaviours, [merge(output.distribution_parts.default_behaviour, { path_pattern = "*" })]) : behaviour.path_pattern if length(behaviour.response_function_arns) > 0] == ["uploads/*"]
    error_message = "A distribution that is there already is told."
  }
}

run "never_asks_the_bucket_for_itself" {
  command = plan

  variables {
    default_root_object = null
  }

  assert {
    condition     = aws_cloudfront_distribution.content[0].default_root_object == "index.html"
    error_message = "S3 would answer the bare host name with a list of all keys."
  }
}

run "serves_hosts_of_ones_own" {
  command = plan

  variables {
    aliases             = ["photos.example.com"]
    certificate_arn     = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
    minimum_tls_version = "TLSv1.2_2019"
  }

  assert {
    condition     = aws_cloudfront_distribution.content[0].aliases == toset(["photos.example.com"])
    error_message = "The alias is set."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.content[0].viewer_certificate).minimum_protocol_version == "TLSv1.2_2019" && one(aws_cloudfront_distribution.content[0].viewer_certificate).ssl_support_method == "sni-only"
    error_message = "With its certificate and TLS policy."
  }
}
