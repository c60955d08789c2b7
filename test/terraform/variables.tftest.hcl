# Every validation of variables.tf refuses what it should, several variables at a time.

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

run "refuses_names_that_s3_would_refuse" {
  command = plan

  variables {
    name = "Photos"
  }

  expect_failures = [var.name]
}

run "refuses_names_too_long_for_the_bucket" {
  command = plan

  variables {
    name = "a1234567890123456789012345678901234567"
  }

  expect_failures = [var.name]
}

run "refuses_names_that_systems_manager_reserves" {
  command = plan

  variables {
    name = "awsome-photos"
  }

  expect_failures = [var.name]
}

run "refuses_names_that_begin_with_ssm" {
  command = plan

  variables {
    name = "ssm-photos"
  }

  expect_failures = [var.name]
}

run "refuses_words_that_cloudfront_does_not_know" {
  command = plan

  variables {
    minimum_tls_version = "TLSv1.1_2016"
    price_class         = "PriceClass_300"
  }

  expect_failures = [var.minimum_tls_version, var.price_class]
}

run "refuses_numbers_below_their_range" {
  command = plan

  variables {
    versioning   = { enabled = true, noncurrent_days = 0 }
    public_paths = [""]
  }

  expect_failures = [var.versioning, var.public_paths]
}

run "refuses_numbers_above_their_range" {
  command = plan

  variables {
    allowed_origins = [for i in range(101) : "https://a${i}.example"]
    versioning      = { enabled = true, noncurrent_days = 1.5 }
    public_paths    = [for i in range(51) : "public-${i}/*"]
  }

  expect_failures = [var.versioning, var.public_paths, var.allowed_origins]
}

run "refuses_wildcards" {
  command = plan

  variables {
    aliases         = ["*.example.com"]
    allowed_origins = ["https://*.example.com"]
    public_paths    = ["*"]
  }

  expect_failures = [var.aliases, var.allowed_origins, var.public_paths]
}

run "refuses_everything_at_once" {
  command = plan

  variables {
    allowed_origins = ["*"]
    public_paths    = ["/*"]
  }

  expect_failures = [var.allowed_origins, var.public_paths]
}

run "refuses_a_scheme_or_path_too_many" {
  command = plan

  variables {
    aliases             = ["https://photos.example.com"]
    allowed_origins     = ["https://app.example.com/"]
    default_root_object = "/index.html"
  }

  expect_failures = [var.aliases, var.allowed_origins, var.default_root_object]
}

run "refuses_an_origin_without_tls_and_empty_strings" {
  command = plan

  variables {
    allowed_origins         = ["http://app.example.com"]
    content_security_policy = ""
    default_root_object     = ""
  }

  expect_failures = [var.allowed_origins, var.content_security_policy, var.default_root_object]
}

run "refuses_capitals_spaces_and_line_feeds" {
  command = plan

  variables {
    allowed_origins         = ["https://App.example.com"]
    content_security_policy = "default-src 'self'\nX-Injected: 1"
    public_paths            = ["my photos/*"]
  }

  expect_failures = [var.allowed_origins, var.content_security_policy, var.public_paths]
}

run "refuses_to_make_the_probe_of_new_keys_public" {
  command = plan

  variables {
    public_paths = [".well-known/*"]
  }

  expect_failures = [var.public_paths]
}

run "refuses_to_make_the_probe_public_by_question_marks" {
  command = plan

  variables {
    public_paths = ["?well-known/signing-key-prob?"]
  }

  expect_failures = [var.public_paths]
}

run "refuses_a_public_path_inside_of_cookie" {
  command = plan

  variables {
    public_paths = ["cookie/help.html"]
  }

  expect_failures = [var.public_paths]
}

run "refuses_a_public_path_around_cookie" {
  command = plan

  variables {
    public_paths = ["c*"]
  }

  expect_failures = [var.public_paths]
}

run "refuses_a_public_path_inside_of_uploads" {
  command = plan

  variables {
    public_paths = ["/people/photos/*.svg"]
    uploads      = { prefix = "people/photos" }
  }

  expect_failures = [var.public_paths]
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

run "refuses_a_certificate_of_another_region" {
  command = plan

  variables {
    aliases         = ["photos.example.com"]
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/abc"
  }

  expect_failures = [var.certificate_arn]
}

run "refuses_a_certificate_without_alias" {
  command = plan

  variables {
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
  }

  expect_failures = [var.certificate_arn]
}

run "refuses_an_alias_without_certificate" {
  command = plan

  variables {
    aliases = ["photos.example.com"]
  }

  expect_failures = [var.certificate_arn]
}

run "accepts_what_the_edges_of_the_rules_allow" {
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
