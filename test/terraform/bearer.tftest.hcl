# Tokens straight on content, and links to single objects.

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

run "verifies_tokens_at_the_edge" {
  command = plan

  variables {
    allowed_origins = ["https://app.example.com"]
    bearer_paths    = ["api/*", "/reports/daily/*"]
    public_paths    = ["gallery/*", "*.json"]
    signed_urls     = {}
    uploads         = { everybody_allowed = true }
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).bearerPaths == ["/api/*", "/reports/daily/*"] && jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).signedUrls == { longestSeconds = 3600 }
    error_message = "The edge function is told; a link lives as long as cookies at most."
  }

  assert {
    condition     = local.behaviours[*].path_pattern == ["cookie/*", "api/*", "reports/daily/*", "uploads/*", "gallery/*", "*.json"]
    error_message = "Before public paths, which may reach into them."
  }

  assert {
    condition     = alltrue([for behaviour in slice(local.behaviours, 1, 3) : length(behaviour.trusted_key_groups) == 0 && length(behaviour.lambda_function_arns) == 1 && behaviour.viewer_protocol_policy == "https-only" && length(behaviour.function_arns) == 0])
    error_message = "The function looks at each request, and nothing else does."
  }

  assert {
    condition     = keys(local.functions) == ["files"] && alltrue([for behaviour in concat(slice(local.behaviours, 3, 6), [local.default_behaviour]) : length(behaviour.function_arns) == 1])
    error_message = "Everywhere else an address is written in one way, or *.json would be the behaviour of /api%2Freport.json."
  }

  assert {
    condition     = alltrue([for behaviour in slice(local.behaviours, 1, 3) : behaviour.cache_policy_id == "658327ea-f89d-4fab-a63d-7e88639e58f6" && toset(behaviour.allowed_methods) == toset(["GET", "HEAD", "OPTIONS"]) && behaviour.origin_request_policy_id == "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"])
    error_message = "The cache does not look at the token, and the origin never sees it."
  }
}

run "takes_the_origin_that_is_there" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/*"], groups = ["staff"] },
      { paths = ["/app/admin/*"], groups = ["admins"], exclusive = true },
    ]
    bearer_paths = ["api/v1/*"]
    origins = {
      app = { domain_name = "app.example.com", path_patterns = ["app/*", "*.php"] }
      api = { domain_name = "api.example.com", path_patterns = ["/api/*"], writes_allowed = true, cache_policy_id = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" }
    }
  }

  # The application may decode what CloudFront does not.
  expect_failures = [check.origins_with_closed_paths]

  assert {
    condition     = [for behaviour in local.behaviours : "${behaviour.path_pattern} ${behaviour.target_origin_id} ${length(behaviour.trusted_key_groups)} ${length(behaviour.lambda_function_arns)} ${length(behaviour.function_arns)}"] == ["cookie/* bucket 0 1 0", "app/admin/* app 1 0 1", "api/v1/* api 0 1 0", "api/* api 2 0 1", "app/* app 2 0 1", "*.php app 2 0 1"]
    error_message = "What is closed in an origin's directory comes from there."
  }

  assert {
    condition     = local.behaviours[2].viewer_protocol_policy == "https-only" && toset(local.behaviours[2].allowed_methods) == toset(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
    error_message = "With what that origin is asked by."
  }
}

run "reads_addresses_in_one_way_in_a_bucket_of_its_own" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/*"], groups = ["staff"] },
      { paths = ["/archive/finance/*"], groups = ["finance"], exclusive = true },
    ]
    bearer_paths = ["archive/api/*"]
    origins      = { archive = { domain_name = "archive.s3.eu-west-1.amazonaws.com", kind = "s3", path_patterns = ["archive/*", "*.pdf"], signature_required = false } }
  }

  assert {
    condition     = [for behaviour in local.behaviours : "${behaviour.path_pattern} ${behaviour.target_origin_id} ${length(behaviour.trusted_key_groups)} ${length(behaviour.lambda_function_arns)} ${length(behaviour.function_arns)}"] == ["cookie/* bucket 0 1 0", "archive/finance/* archive 1 0 1", "archive/api/* archive 0 1 0", "archive/* archive 0 0 1", "*.pdf archive 0 0 1"]
    error_message = "By the function that asks for files alone, or by the edge function, never by both."
  }
}

run "reads_addresses_in_one_way_where_another_bucket_is" {
  command = plan

  variables {
    origins = { archive = { domain_name = "archive.s3.eu-west-1.amazonaws.com", kind = "s3", path_patterns = ["archive/*"] } }
  }

  assert {
    condition     = keys(aws_cloudfront_function.content) == ["files"] && length(local.default_behaviour.function_arns) == 1
    error_message = "A directory of it has a behaviour of its own."
  }
}

run "serves_what_is_closed_below_uploads_as_uploads" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/*"], groups = ["staff"] },
      { paths = ["/media/in/hr/*"], groups = ["hr"], exclusive = true },
    ]
    origins = { media = { domain_name = "media.example.com", path_patterns = ["media/*"] } }
    uploads = { prefix = "media/in", everybody_allowed = true }
  }

  override_resource {
    override_during = plan
    target          = aws_cloudfront_response_headers_policy.content["uploads"]
    values          = { id = "99999999-7777-8888-9999-000000000000" }
  }

  assert {
    condition     = [for behaviour in local.behaviours : "${behaviour.path_pattern} ${behaviour.target_origin_id} ${substr(behaviour.response_headers_policy_id, 0, 2)} ${length(behaviour.function_arns)}" if behaviour.path_pattern != "cookie/*"] == ["media/in/hr/* bucket 99 1", "media/in/* bucket 99 1", "media/* media 66 1"]
    error_message = "Uploads go before the origin around them."
  }
}

run "warns_of_closed_paths_in_an_origin_that_may_decode" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/*"], groups = ["staff"] },
      { paths = ["/app/admin/*"], groups = ["admins"], exclusive = true },
    ]
    bearer_paths = ["api/*"]
    origins      = { app = { domain_name = "app.example.com", path_patterns = ["app/*", "/api/*", "*.php", "other/*"] } }
  }

  expect_failures = [check.origins_with_closed_paths]

  assert {
    condition     = local.closed_inside_origins == ["/api/* beside *.php (app)", "/app/admin/* beside app/* (app)", "/app/admin/* beside *.php (app)"]
    error_message = "Each with what could stand for it."
  }
}

run "closes_an_origin_as_a_whole" {
  command = plan

  variables {
    access_rules = [{ paths = ["/app/*"], groups = ["admins"], exclusive = true }]
    bearer_paths = ["api/*"]
    origins = {
      app = { domain_name = "app.example.com", path_patterns = ["/app/*"] }
      api = { domain_name = "api.example.com", path_patterns = ["api/*"] }
    }
  }

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : "${behaviour.path_pattern} ${behaviour.target_origin_id}"] == ["cookie/* bucket", "app/* app", "api/* api"]
    error_message = "One behaviour each, of the origin."
  }
}

run "gives_links_for_as_long_as_is_said" {
  command = plan

  variables {
    cookie_ttl_minutes = 30
    signed_urls        = { longest_minutes = 30 }
  }

  assert {
    condition     = var.signed_urls.longest_minutes == 30
    error_message = "As long as cookies."
  }
}

run "accepts_a_neighbour_with_a_similar_name" {
  command = plan

  variables {
    access_rules = [{ paths = ["/api-internal/*"], groups = ["a"], exclusive = true }]
    bearer_paths = ["api/*"]
    public_paths = ["api.html", "apis/*"]
    uploads      = { prefix = "api2", everybody_allowed = true }
  }

  assert {
    condition     = length(var.bearer_paths) == 1
    error_message = "They are side by side."
  }
}
