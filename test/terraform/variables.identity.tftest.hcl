# Every validation of variables.identity.tf refuses what it should, several variables at a time.

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

run "refuses_words_that_cognito_does_not_know" {
  command = plan

  variables {
    mfa        = "SMS"
    auth_flows = ["USER_PASSWORD_AUTH"]
  }

  expect_failures = [var.mfa, var.auth_flows]
}

run "refuses_groups_and_users_without_proper_names" {
  command = plan

  variables {
    groups = { "a/b" = {} }
  }

  expect_failures = [var.groups]
}

run "refuses_a_user_who_is_no_address" {
  command = plan

  variables {
    users = { ada = {} }
  }

  expect_failures = [var.users]
}

run "refuses_an_address_in_capitals" {
  command = plan

  variables {
    users = { "Ada@example.com" = {} }
  }

  expect_failures = [var.users]
}

run "refuses_a_user_in_a_group_that_is_not_there" {
  command = plan

  variables {
    groups = { editors = {} }
    users  = { "ada@example.com" = { groups = ["editor"] } }
  }

  expect_failures = [var.users]
}

run "refuses_too_few_and_too_many_addresses" {
  command = plan

  variables {
    callback_urls = []
    sign_out_urls = [for i in range(51) : "/${i}"]
  }

  expect_failures = [var.callback_urls, var.sign_out_urls]
}

run "refuses_more_callback_urls_than_cognito" {
  command = plan

  variables {
    callback_urls = [for i in range(51) : "/${i}"]
  }

  expect_failures = [var.callback_urls]
}

run "refuses_addresses_without_tls" {
  command = plan

  variables {
    callback_urls = ["http://photos.example.com/"]
    sign_out_urls = ["http://photos.example.com/"]
  }

  expect_failures = [var.callback_urls, var.sign_out_urls]
}

run "refuses_fragments" {
  command = plan

  variables {
    callback_urls = ["https://photos.example.com/#top"]
    sign_out_urls = ["/#top"]
  }

  expect_failures = [var.callback_urls, var.sign_out_urls]
}

run "refuses_scripts" {
  command = plan

  variables {
    callback_urls = ["javascript:alert(1)"]
    sign_out_urls = ["javascript://a.b/%0aalert(1)"]
  }

  expect_failures = [var.callback_urls, var.sign_out_urls]
}

run "refuses_hosts_that_look_like_something_else" {
  command = plan

  variables {
    callback_urls = ["//evil.example"]
    sign_out_urls = ["http://localhost.evil.example/"]
  }

  expect_failures = [var.callback_urls, var.sign_out_urls]
}

run "refuses_a_login_domain_with_a_scheme" {
  command = plan

  variables {
    login_domain = "https://login.example.com"
  }

  expect_failures = [var.login_domain]
}

run "refuses_a_login_prefix_that_cognito_reserves" {
  command = plan

  variables {
    login_domain = "my-cognito-login"
  }

  expect_failures = [aws_cognito_user_pool_domain.login]
}

run "refuses_a_name_of_which_no_login_prefix_can_be_made" {
  command = plan

  variables {
    name = "amazon-photos"
  }

  expect_failures = [aws_cognito_user_pool_domain.login]
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

run "refuses_a_login_certificate_of_another_region" {
  command = plan

  variables {
    login_domain                 = "login.example.com"
    login_domain_certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/abc"
  }

  expect_failures = [var.login_domain_certificate_arn]
}

run "refuses_a_login_host_without_certificate" {
  command = plan

  variables {
    login_domain = "login.example.com"
  }

  expect_failures = [var.login_domain_certificate_arn]
}

run "refuses_a_login_certificate_for_a_prefix" {
  command = plan

  variables {
    login_domain                 = "acme-photos"
    login_domain_certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
  }

  expect_failures = [var.login_domain_certificate_arn]
}

run "refuses_access_tokens_shorter_than_cognitos" {
  command = plan

  variables {
    token_validity = { access_minutes = 4 }
    uploads        = { prefix = "" }
  }

  expect_failures = [var.token_validity, var.uploads]
}

run "refuses_id_tokens_longer_than_cognitos" {
  command = plan

  variables {
    token_validity = { id_minutes = 1441 }
    uploads        = { prefix = "up*" }
  }

  expect_failures = [var.token_validity, var.uploads]
}

run "refuses_refresh_tokens_of_no_day_and_uploads_that_climb" {
  command = plan

  variables {
    token_validity = { refresh_days = 0 }
    uploads        = { prefix = "../photos" }
  }

  expect_failures = [var.token_validity, var.uploads]
}

run "refuses_uploads_where_cookies_come_from" {
  command = plan

  variables {
    uploads = { prefix = "cookie/mine" }
  }

  expect_failures = [var.uploads]
}

run "refuses_to_remove_parts_before_they_came" {
  command = plan

  variables {
    uploads = { abandoned_after_days = -1 }
  }

  expect_failures = [var.uploads]
}

run "accepts_what_the_edges_of_the_rules_allow" {
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
