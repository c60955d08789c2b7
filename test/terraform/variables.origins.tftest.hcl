# Further origins, as people may write them.

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

run "refuses_an_origin_by_the_name_of_the_bucket" {
  command = plan

  variables {
    origins = { bucket = { domain_name = "api.example.com", path_patterns = ["api/*"] } }
  }

  expect_failures = [var.origins]
}

run "refuses_an_origin_by_address" {
  command = plan

  variables {
    origins = { api = { domain_name = "https://api.example.com/", path_patterns = ["api/*"] } }
  }

  expect_failures = [var.origins]
}

run "refuses_an_unknown_kind_of_origin" {
  command = plan

  variables {
    origins = { api = { domain_name = "api.example.com", path_patterns = ["api/*"], kind = "ftp" } }
  }

  expect_failures = [var.origins]
}

run "refuses_a_vpc_origin_without_id" {
  command = plan

  variables {
    origins = { api = { domain_name = "api.example.com", path_patterns = ["api/*"], kind = "vpc" } }
  }

  expect_failures = [var.origins]
}

run "refuses_a_port_that_is_none" {
  command = plan

  variables {
    origins = { api = { domain_name = "api.example.com", path_patterns = ["api/*"], port = 70000 } }
  }

  expect_failures = [var.origins]
}

run "refuses_a_prefix_of_paths_without_slash" {
  command = plan

  variables {
    origins = { api = { domain_name = "api.example.com", path_patterns = ["api/*"], path_prefix = "v1/" } }
  }

  expect_failures = [var.origins]
}

run "refuses_headers_with_spaces" {
  command = plan

  variables {
    origins = { api = { domain_name = "api.example.com", path_patterns = ["api/*"], headers = { "X Secret" = "s" } } }
  }

  expect_failures = [var.origins]
}

run "refuses_an_origin_without_paths" {
  command = plan

  variables {
    origins = { api = { domain_name = "api.example.com", path_patterns = [] } }
  }

  expect_failures = [var.origins]
}

run "refuses_the_same_path_for_two_origins" {
  command = plan

  variables {
    origins = { one = { domain_name = "one.example.com", path_patterns = ["api/*"] }, two = { domain_name = "two.example.com", path_patterns = ["/api/*"] } }
  }

  expect_failures = [var.origins]
}

run "refuses_an_origin_for_everything" {
  command = plan

  variables {
    origins = { all = { domain_name = "all.example.com", path_patterns = ["*"] } }
  }

  expect_failures = [var.origins]
}

run "refuses_an_origin_for_cookies" {
  command = plan

  variables {
    origins = { all = { domain_name = "all.example.com", path_patterns = ["cookie/x"] } }
  }

  expect_failures = [var.origins]
}

run "refuses_an_origin_inside_of_uploads" {
  command = plan

  variables {
    origins = { api = { domain_name = "api.example.com", path_patterns = ["/people/photos/api/*"] } }
    uploads = { prefix = "people/photos" }
  }

  expect_failures = [var.origins]
}

run "refuses_one_path_for_two_things" {
  command = plan

  variables {
    origins      = { api = { domain_name = "api.example.com", path_patterns = ["/api/*"] } }
    public_paths = ["api/*"]
  }

  expect_failures = [terraform_data.behaviours]
}

run "refuses_more_behaviours_than_a_distribution_takes" {
  command = plan

  variables {
    bearer_paths = [for number in range(10) : "api${number}/*"]
    origins      = { old = { domain_name = "old.example.com", path_patterns = [for number in range(20) : "old${number}/*"] } }
    public_paths = [for number in range(44) : "public${number}/*"]
  }

  expect_failures = [terraform_data.behaviours]
}

run "refuses_an_origin_inside_an_exclusive_path" {
  command = plan

  variables {
    access_rules = [{ paths = ["/finance/*"], groups = ["finance"], exclusive = true }]
    origins      = { books = { domain_name = "books.example.com", path_patterns = ["finance/books/*"] } }
  }

  expect_failures = [aws_cloudfront_distribution.content]
}

run "refuses_one_path_for_two_things_in_a_distribution_of_yours_too" {
  command = plan

  variables {
    distribution = { arn = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", hosts = ["www.example.com"] }
    public_paths = ["press/*", "/press/*"]
  }

  expect_failures = [terraform_data.behaviours]
}

run "refuses_a_rule_about_what_everybody_may_read" {
  command = plan

  variables {
    access_rules = [{ paths = ["/press/embargo/*"], groups = ["press"] }]
    public_paths = ["press/*"]
  }

  expect_failures = [terraform_data.access_rules]
}

run "refuses_a_rule_about_what_an_origin_shows_to_everybody" {
  command = plan

  variables {
    access_rules = [{ paths = ["/app/*"], groups = ["staff"] }]
    origins      = { app = { domain_name = "app.example.com", path_patterns = ["/app/*"], signature_required = false } }
  }

  expect_failures = [terraform_data.access_rules]
}

run "refuses_a_rule_about_what_lies_in_a_public_path_without_slash" {
  command = plan

  variables {
    access_rules = [{ paths = ["/press/embargo/*"], groups = ["press"] }]
    public_paths = ["press*"]
  }

  expect_failures = [terraform_data.access_rules]
}

run "refuses_a_rule_about_what_a_longer_path_opens" {
  command = plan

  variables {
    access_rules = [{ paths = ["/app/open/{sub}/*"] }]
    origins = {
      app  = { domain_name = "app.example.com", path_patterns = ["app/*"] }
      open = { domain_name = "app.example.com", path_patterns = ["app/open/*"], signature_required = false }
    }
  }

  expect_failures = [terraform_data.access_rules]
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

run "warns_of_claims_that_nobody_has" {
  command = plan

  variables {
    access_rules = [{ paths = ["/tenants/{custom:tenant}/*"] }, { paths = ["/hr/*"], claims = { "custom:unit" = ["hr"] } }]
  }

  expect_failures = [check.access_rules_with_custom_claims]
}

run "takes_claims_of_a_pool_of_yours" {
  command = plan

  variables {
    access_rules = [{ paths = ["/tenants/{custom:tenant}/*"] }]
    user_pool    = { id = "eu-west-1_AbC123" }
  }
}

run "refuses_settings_of_an_app_client_that_is_yours" {
  command = plan

  variables {
    callback_urls = ["/done"]
    user_pool     = { id = "eu-west-1_AbC123", client_ids = ["1example23456789"] }
  }

  expect_failures = [terraform_data.given_app_client]
}

run "refuses_ports_that_cloudfront_does_not_ask" {
  command = plan

  variables {
    origins = { api = { domain_name = "api.example.com", path_patterns = ["api/*"], port = 1023 } }
  }

  expect_failures = [var.origins]
}

run "refuses_a_port_that_a_vpc_origin_has_itself" {
  command = plan

  variables {
    origins = { api = { domain_name = "api.example.com", path_patterns = ["api/*"], kind = "vpc", vpc_origin_id = "vo_1", protocol = "http", port = 8080 } }
  }

  expect_failures = [var.origins]
}
