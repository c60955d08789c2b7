# What people bring along, as they may write it.

mock_provider "aws" {
  source = "./test/terraform/mocks/content"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./test/terraform/mocks/home"
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

run "refuses_a_bucket_name_with_dots" {
  command = plan

  variables {
    bucket = { name = "acme.photos" }
  }

  expect_failures = [var.bucket]
}

run "refuses_a_bucket_host_that_is_an_address" {
  command = plan

  variables {
    bucket = { name = "acme-photos", regional_domain_name = "https://acme-photos.s3.eu-west-1.amazonaws.com" }
  }

  expect_failures = [var.bucket]
}

run "refuses_settings_of_a_bucket_that_is_there" {
  command = plan

  variables {
    bucket               = { name = "acme-photos" }
    bucket_force_destroy = true
    versioning           = { enabled = true }
  }

  expect_failures = [var.bucket]
}

run "refuses_the_id_of_a_distribution_as_its_arn" {
  command = plan

  variables {
    distribution = { arn = "E2EXAMPLE", hosts = ["www.example.com"] }
  }

  expect_failures = [var.distribution]
}

run "refuses_a_distribution_without_hosts" {
  command = plan

  variables {
    distribution = { arn = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", hosts = [] }
  }

  expect_failures = [var.distribution]
}

run "refuses_a_wildcard_for_a_host" {
  command = plan

  variables {
    distribution = { arn = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", hosts = ["*.example.com"] }
  }

  expect_failures = [var.distribution]
}

run "refuses_settings_of_a_distribution_that_is_there" {
  command = plan

  variables {
    distribution        = { arn = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", hosts = ["www.example.com"] }
    price_class         = "PriceClass_100"
    viewer_restrictions = { countries_allowed = ["DE"] }
  }

  expect_failures = [var.distribution]
}

run "refuses_origins_of_a_distribution_that_is_there" {
  command = plan

  variables {
    distribution = { arn = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", hosts = ["www.example.com"] }
    origins      = { api = { domain_name = "api.example.com", path_patterns = ["api/*"] } }
  }

  expect_failures = [var.distribution]
}

run "refuses_the_path_of_a_zone" {
  command = plan

  variables {
    aliases         = ["photos.example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    dns_zone        = { id = "/hostedzone/Z0123456789ABCDEFGHIJ" }
  }

  expect_failures = [var.dns_zone]
}

run "refuses_a_zone_without_aliases" {
  command = plan

  variables {
    dns_zone = { id = "Z0123456789ABCDEFGHIJ" }
  }

  expect_failures = [var.dns_zone]
}

run "refuses_a_regional_web_acl" {
  command = plan

  variables {
    viewer_restrictions = { web_acl_arn = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/acme/1" }
  }

  expect_failures = [var.viewer_restrictions]
}

run "refuses_countries_by_name" {
  command = plan

  variables {
    viewer_restrictions = { countries_denied = ["Germany"] }
  }

  expect_failures = [var.viewer_restrictions]
}

run "refuses_both_lists_of_countries" {
  command = plan

  variables {
    viewer_restrictions = { countries_allowed = ["DE"], countries_denied = ["FR"] }
  }

  expect_failures = [var.viewer_restrictions]
}

run "refuses_restrictions_that_restrict_nothing" {
  command = plan

  variables {
    viewer_restrictions = { country_allowed = ["DE"] }
  }

  expect_failures = [var.viewer_restrictions]
}

run "refuses_the_name_of_a_bucket_for_logs" {
  command = plan

  variables {
    access_logs = { bucket_arn = "acme-logs" }
  }

  expect_failures = [var.access_logs]
}

run "refuses_a_prefix_with_a_slash_at_its_end" {
  command = plan

  variables {
    access_logs = { bucket_arn = "arn:aws:s3:::acme-logs", prefix = "photos/" }
  }

  expect_failures = [var.access_logs]
}

run "refuses_a_format_that_is_none" {
  command = plan

  variables {
    access_logs = { bucket_arn = "arn:aws:s3:::acme-logs", format = "csv" }
  }

  expect_failures = [var.access_logs]
}

run "refuses_logs_without_fields" {
  command = plan

  variables {
    access_logs = { bucket_arn = "arn:aws:s3:::acme-logs", fields = [] }
  }

  expect_failures = [var.access_logs]
}

run "refuses_the_name_of_a_headers_policy" {
  command = plan

  variables {
    response_headers_policy = { id = "Managed-SecurityHeadersPolicy" }
  }

  expect_failures = [var.response_headers_policy]
}

run "refuses_a_headers_policy_beside_a_content_security_policy" {
  command = plan

  variables {
    content_security_policy = "default-src 'self'"
    response_headers_policy = { id = "67f7725c-6f97-4210-82d7-5512b31e9d03" }
  }

  expect_failures = [var.response_headers_policy]
}

run "refuses_the_name_of_a_boundary" {
  command = plan

  variables {
    permissions_boundary_arn = "boundary"
  }

  expect_failures = [var.permissions_boundary_arn]
}

run "refuses_the_alias_of_a_key" {
  command = plan

  variables {
    kms_key_arns = { bucket = "arn:aws:kms:eu-west-1:123456789012:alias/acme" }
  }

  expect_failures = [var.kms_key_arns]
}

run "refuses_a_key_for_secrets_in_another_region" {
  command = plan

  variables {
    kms_key_arns = { secrets = "arn:aws:kms:eu-west-1:123456789012:key/1" }
  }

  expect_failures = [var.kms_key_arns]
}

run "refuses_a_cookie_domain_with_a_dot_before_it" {
  command = plan

  variables {
    cookie_scope = { domain = ".example.com" }
  }

  expect_failures = [var.cookie_scope]
}

run "refuses_a_cookie_domain_that_everybody_shares" {
  command = plan

  variables {
    cookie_scope = { domain = "com" }
  }

  expect_failures = [var.cookie_scope]
}

run "refuses_partitioned_cookies_that_no_other_site_gets" {
  command = plan

  variables {
    cookie_scope = { partitioned = true }
  }

  expect_failures = [var.cookie_scope]
}

run "refuses_a_cookie_domain_that_is_not_above_every_alias" {
  command = plan

  variables {
    aliases         = ["photos.example.com", "example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    cookie_scope    = { domain = "example.com" }
  }

  expect_failures = [aws_ssm_parameter.signer_configuration]
}

run "refuses_a_cookie_domain_without_aliases" {
  command = plan

  variables {
    cookie_scope = { domain = "example.com" }
  }

  expect_failures = [aws_ssm_parameter.signer_configuration]
}

run "refuses_a_cookie_domain_that_is_not_above_the_host_of_a_distribution_that_is_there" {
  command = plan

  variables {
    cookie_scope = { domain = "example.org" }
    distribution = { arn = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", hosts = ["www.example.com"] }
  }

  expect_failures = [aws_ssm_parameter.signer_configuration]
}
