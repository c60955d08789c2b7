# Every validation of sign_in refuses what it should, and so do site_mode and public_paths beside it.

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

run "refuses_scopes_without_openid" {
  command = plan

  variables {
    sign_in = { scopes = ["email"] }
  }

  expect_failures = [var.sign_in]
}

run "refuses_scopes_with_spaces" {
  command = plan

  variables {
    sign_in = { scopes = ["openid", "photos read"] }
  }

  expect_failures = [var.sign_in]
}

run "refuses_parameters_that_the_sign_in_sets" {
  command = plan

  variables {
    sign_in = { authorize_params = { redirect_uri = "https://evil.example" } }
  }

  expect_failures = [var.sign_in]
}

run "refuses_links_that_set_them" {
  command = plan

  variables {
    sign_in = { viewer_params = ["state"] }
  }

  expect_failures = [var.sign_in]
}

run "refuses_names_that_are_none" {
  command = plan

  variables {
    sign_in = { viewer_params = ["a b"] }
  }

  expect_failures = [var.sign_in]
}

run "refuses_line_feeds_in_parameters" {
  command = plan

  variables {
    sign_in = { authorize_params = { prompt = "a\nb" } }
  }

  expect_failures = [var.sign_in]
}

run "refuses_to_let_everybody_in_who_has_an_account_elsewhere" {
  command = plan

  variables {
    sign_in = { identity_providers = ["COGNITO", "Google"] }
  }

  expect_failures = [var.sign_in]
}

run "refuses_it_with_a_rule_that_names_nobody" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/staff/*"], groups = ["staff"] },
      { paths = ["/users/{sub}/*"] },
    ]
    sign_in = { identity_providers = ["Google"] }
  }

  expect_failures = [var.sign_in]
}

run "refuses_it_with_a_rule_of_scopes_alone" {
  command = plan

  variables {
    access_rules = [{ paths = ["/*"], scopes = ["openid"] }]
    sign_in      = { identity_providers = ["Google"] }
  }

  expect_failures = [var.sign_in]
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

run "refuses_a_client_that_lets_nobody_in" {
  command = plan

  variables {
    sign_in = { identity_providers = [] }
  }

  expect_failures = [var.sign_in]
}

run "refuses_identity_providers_of_a_client_that_is_not_its_own" {
  command = plan

  variables {
    access_rules = [{ paths = ["/*"], groups = ["staff"] }]
    sign_in      = { identity_providers = ["Google"] }
    user_pool    = { id = "eu-west-1_XyZ789", client_ids = ["app"], login_host = "login.example.com" }
  }

  expect_failures = [terraform_data.sign_in]
}

run "refuses_an_unknown_proof_of_the_client" {
  command = plan

  variables {
    oidc    = { issuer = "https://idp.example.com", client_id = "photos" }
    sign_in = { client_authentication = "private_key_jwt" }
  }

  expect_failures = [var.sign_in]
}

run "refuses_a_secret_for_its_own_client" {
  command = plan

  variables {
    sign_in = { client_authentication = "client_secret_basic" }
  }

  expect_failures = [terraform_data.sign_in]
}

run "refuses_to_end_at_another_host" {
  command = plan

  variables {
    sign_in = { sign_out_url = "//evil.example/" }
  }

  expect_failures = [var.sign_in]
}

run "refuses_to_end_at_a_script" {
  command = plan

  variables {
    sign_in = { sign_out_url = "javascript:alert(1)" }
  }

  expect_failures = [var.sign_in]
}

run "refuses_to_end_at_plain_http" {
  command = plan

  variables {
    sign_in = { sign_out_url = "http://www.example.com/" }
  }

  expect_failures = [var.sign_in]
}

run "refuses_to_end_at_a_fragment" {
  command = plan

  variables {
    sign_in = { sign_out_url = "https://www.example.com/#top" }
  }

  expect_failures = [var.sign_in]
}

run "refuses_to_end_at_a_backslash" {
  command = plan

  variables {
    sign_in = { sign_out_url = "/\\evil.example" }
  }

  expect_failures = [var.sign_in]
}

run "refuses_sessions_of_half_a_day" {
  command = plan

  variables {
    sign_in = { session_days = 0.5 }
  }

  expect_failures = [var.sign_in]
}

run "refuses_sessions_that_outlive_the_cookie" {
  command = plan

  variables {
    sign_in        = { session_days = 401 }
    token_validity = { refresh_days = 3650 }
  }

  expect_failures = [var.sign_in]
}

run "refuses_sessions_that_outlive_the_refresh_token" {
  command = plan

  variables {
    sign_in = { session_days = 31 }
  }

  expect_failures = [terraform_data.sign_in]
}

run "refuses_unknown_token_cookies" {
  command = plan

  variables {
    sign_in = { token_cookies = "cognito" }
  }

  expect_failures = [var.sign_in]
}

run "refuses_additional_cookies_of_its_own_names" {
  command = plan

  variables {
    sign_in = { additional_cookies = { "cloudfront-policy" = "x" } }
  }

  expect_failures = [var.sign_in]
}

run "refuses_additional_cookies_of_the_names_of_a_hint" {
  command = plan

  variables {
    sign_in = { additional_cookies = { "__Secure-logout-hint" = "x" } }
  }

  expect_failures = [var.sign_in]
}

run "refuses_additional_cookies_of_the_names_of_its_tokens" {
  command = plan

  variables {
    sign_in = { token_cookies = "opensearch", additional_cookies = { "ID-TOKEN" = "x" } }
  }

  expect_failures = [var.sign_in]
}

run "refuses_additional_cookies_of_the_names_of_its_users" {
  command = plan

  variables {
    sign_in = { token_cookies = "amplify", additional_cookies = { "CognitoIdentityServiceProvider.a.LastAuthUser" = "x" } }
  }

  expect_failures = [var.sign_in]
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

run "refuses_more_of_them" {
  command = plan

  variables {
    sign_in = { additional_cookies = { a = join("", [for i in range(1023) : "x"]), b = join("", [for i in range(1023) : "x"]), c = join("", [for i in range(1023) : "x"]), d = join("", [for i in range(1024) : "x"]) } }
  }

  expect_failures = [var.sign_in]
}

run "refuses_additional_cookies_that_break_the_header" {
  command = plan

  variables {
    sign_in = { additional_cookies = { theme = "dark; Domain=example.com" } }
  }

  expect_failures = [var.sign_in]
}

run "refuses_a_pool_without_a_login_page" {
  command = plan

  variables {
    sign_in   = {}
    user_pool = { id = "eu-west-1_XyZ789" }
  }

  expect_failures = [terraform_data.sign_in]
}

run "refuses_an_unknown_site_mode" {
  command = plan

  variables {
    site_mode = "static"
  }

  expect_failures = [var.site_mode]
}

run "leaves_the_pages_of_the_sign_in_to_the_module" {
  command = plan

  variables {
    public_paths = [".sign-in/logo.svg"]
  }

  expect_failures = [var.public_paths]
}
