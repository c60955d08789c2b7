# What the edges of the rules allow. What they reject is in refusals.

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

run "accepts_everything_at_once" {
  command = plan

  variables {
    aliases                  = ["photos.example.com", "films.example.com"]
    certificate_arn          = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
    access_logs              = { bucket_arn = "arn:aws:s3:::acme-logs", prefix = "cloudfront/photos", format = "parquet", fields = ["date", "cs(Host)", "x-host-header"] }
    bucket                   = { name = "acme-photos", regional_domain_name = "acme-photos.s3.eu-central-1.amazonaws.com" }
    cookie_same_site         = "None"
    cookie_scope             = { domain = "example.com", partitioned = true }
    dns_zone                 = { id = "Z0123456789ABCDEFGHIJ" }
    kms_key_arns             = { bucket = "arn:aws:kms:eu-central-1:123456789012:key/1", secrets = "arn:aws:kms:us-east-1:123456789012:key/mrk-2", logs = "arn:aws:kms:us-east-1:123456789012:key/3" }
    origins                  = { api = { domain_name = "api.example.com", path_patterns = ["api/*", "/v?/*"], path_prefix = "/v1", headers = { "X-Origin-Secret" = "s" } }, old = { kind = "s3", domain_name = "old.s3.eu-west-1.amazonaws.com", path_patterns = ["old/*"] }, alb = { kind = "vpc", vpc_origin_id = "vo_1", domain_name = "internal-alb.eu-west-1.elb.amazonaws.com", path_patterns = ["app/*"] } }
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    response_headers_policy  = { id = "67f7725c-6f97-4210-82d7-5512b31e9d03" }
    viewer_restrictions      = { web_acl_arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/acme/1", countries_allowed = ["DE", "FR"] }
  }
}

run "takes_any_name_where_there_is_no_login_prefix" {
  command = plan

  variables {
    name      = "amazon-photos"
    user_pool = { id = "eu-west-1_AbC123" }
  }

  assert {
    condition     = length(aws_cognito_user_pool_domain.login) == 0
    error_message = "A pool of yours has its own login page."
  }
}

run "accepts_the_edges_of_the_user_pool" {
  command = plan

  variables {
    name           = "amazon-photos"
    login_domain   = "login.localhost:8443"
    callback_urls  = ["/", "/gallery/index.html?from=login", "https://app.example.com", "http://localhost:5173/done", "com.example.app://callback"]
    sign_out_urls  = []
    token_validity = { access_minutes = 5, id_minutes = 1440, refresh_days = 3650 }
    uploads        = { prefix = "people/uploads", abandoned_after_days = 0 }
    users          = { "ada.lovelace+photos@mail.example.co.uk" = {} }
  }

  assert {
    condition     = aws_cognito_user_pool_domain.login[0].domain == "login.localhost:8443"
    error_message = "A host on one's own machine may carry a port and needs no certificate."
  }
}

run "takes_rules_around_what_everybody_may_read" {
  command = plan

  variables {
    access_rules = [{ paths = ["/*"], groups = ["staff"] }, { paths = ["/pressure/*"], groups = ["press"], overlap_allowed = true }]
    public_paths = ["press/*", "*.css"]
  }

  assert {
    condition     = length(local.rules_inside_public) == 0
    error_message = "What is public is a part of what the rules open, or beside it."
  }
}

run "takes_rules_about_what_is_signed_inside_what_everybody_may_read" {
  command = plan

  variables {
    access_rules = [{ paths = ["/gallery/incoming/{sub}/*"] }, { paths = ["/docs/api/*", "/shop/orders/*"], groups = ["staff"] }]
    origins = {
      api  = { domain_name = "api.example.com", path_patterns = ["docs/api/*", "shop/orders/*"] }
      shop = { domain_name = "shop.example.com", path_patterns = ["shop/*"], signature_required = false }
    }
    public_paths = ["gallery/*", "docs/*"]
    uploads      = { prefix = "gallery/incoming", everybody_allowed = true }
  }

  assert {
    condition     = length(local.rules_inside_public) == 0
    error_message = "Uploads and signed origins go before public paths, and longer paths before shorter ones."
  }
}

run "takes_claims_of_a_pool_of_yours" {
  command = plan

  variables {
    access_rules = [{ paths = ["/tenants/{custom:tenant}/*"] }]
    user_pool    = { id = "eu-west-1_AbC123" }
  }
}

run "lets_everybody_in_who_has_an_account_elsewhere_if_told_so" {
  command = plan

  variables {
    sign_in = { identity_providers = ["COGNITO", "Google"], any_federated_user_allowed = true }
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].supported_identity_providers == toset(["COGNITO", "Google"])
    error_message = "It is a decision."
  }
}

run "takes_such_names_where_there_are_no_such_tokens" {
  command = plan

  variables {
    sign_in = { token_cookies = "amplify", additional_cookies = { "ID-TOKEN" = "x" } }
  }
}

# Four names of one character, and values of 1023.
run "takes_4096_characters_of_additional_cookies" {
  command = plan

  variables {
    sign_in = { additional_cookies = { a = join("", [for i in range(1023) : "x"]), b = join("", [for i in range(1023) : "x"]), c = join("", [for i in range(1023) : "x"]), d = join("", [for i in range(1023) : "x"]) } }
  }
}

run "accepts_as_many_keys_as_a_group_holds" {
  command = plan

  variables {
    cookie_ttl_minutes = 1440
    rotation           = { interval_days = 1 }
    signer_cache       = { stale_minutes = 2865 }
  }

  assert {
    condition     = local.retire_after_minutes == 3 * 1440
    error_message = "1440 + 5 + 2865 + 5 + 5 minutes are exactly three days."
  }
}

run "accepts_public_paths_beside_and_across_uploads" {
  command = plan

  variables {
    public_paths = ["people/photos-of-all/*", "people/*.css", "*.svg"]
    uploads      = { prefix = "people/photos" }
  }

  assert {
    condition     = local.behaviours[1].path_pattern == "people/photos/*"
    error_message = "Uploads go first."
  }
}

run "accepts_the_edges_of_names_and_paths" {
  command = plan

  variables {
    name            = "a12345678901234567890123456789012345"
    allowed_origins = ["https://app.example.com:8443", "http://localhost:5173", "capacitor://localhost"]
    public_paths    = ["/gallery/*", "*.css", ".well-known/security.txt", "cookies.html"]
    versioning      = { enabled = true, noncurrent_days = 1 }
  }

  assert {
    condition     = length(aws_cloudfront_distribution.content[0].ordered_cache_behavior) == 5
    error_message = "One behaviour for cookie/* and one for each public path."
  }
}
