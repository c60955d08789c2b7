# Every validation of variables.issuer.tf refuses what it should.

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

run "refuses_an_id_that_is_no_user_pools" {
  command = plan

  variables {
    user_pool = { id = "photos" }
  }

  expect_failures = [var.user_pool]
}

run "refuses_a_login_page_with_a_scheme" {
  command = plan

  variables {
    user_pool = { id = "eu-west-1_XyZ789", login_host = "https://login.example.com" }
  }

  expect_failures = [var.user_pool]
}

run "refuses_ids_that_are_no_app_clients" {
  command = plan

  variables {
    user_pool = { id = "eu-west-1_XyZ789", client_ids = ["a b"] }
  }

  expect_failures = [var.user_pool]
}

run "refuses_self_sign_up_enabled_for_a_pool_that_is_there" {
  command = plan

  variables {
    self_sign_up_enabled = true
    user_pool            = { id = "eu-west-1_XyZ789" }
  }

  expect_failures = [var.user_pool]
}

run "refuses_mfa_for_a_pool_that_is_there" {
  command = plan

  variables {
    mfa       = "ON"
    user_pool = { id = "eu-west-1_XyZ789" }
  }

  expect_failures = [var.user_pool]
}

run "refuses_user_pool_deletion_protection_enabled_for_a_pool_that_is_there" {
  command = plan

  variables {
    user_pool_deletion_protection_enabled = true
    user_pool                             = { id = "eu-west-1_XyZ789" }
  }

  expect_failures = [var.user_pool]
}

run "refuses_groups_for_a_pool_that_is_there" {
  command = plan

  variables {
    groups    = { staff = {} }
    user_pool = { id = "eu-west-1_XyZ789" }
  }

  expect_failures = [var.user_pool]
}

run "refuses_users_for_a_pool_that_is_there" {
  command = plan

  variables {
    users     = { "ada@example.com" = {} }
    user_pool = { id = "eu-west-1_XyZ789" }
  }

  expect_failures = [var.user_pool]
}

run "refuses_login_domain_for_a_pool_that_is_there" {
  command = plan

  variables {
    login_domain = "acme-photos"
    user_pool    = { id = "eu-west-1_XyZ789" }
  }

  expect_failures = [var.user_pool]
}

run "refuses_an_issuer_with_plain_http" {
  command = plan

  variables {
    oidc = { issuer = "http://idp.example.com", client_id = "photos" }
  }

  expect_failures = [var.oidc]
}

run "refuses_an_issuer_with_a_query" {
  command = plan

  variables {
    oidc = { issuer = "https://idp.example.com?tenant=1", client_id = "photos" }
  }

  expect_failures = [var.oidc]
}

run "refuses_an_issuer_with_a_fragment" {
  command = plan

  variables {
    oidc = { issuer = "https://idp.example.com/#a", client_id = "photos" }
  }

  expect_failures = [var.oidc]
}

run "refuses_an_issuer_with_a_user" {
  command = plan

  variables {
    oidc = { issuer = "https://me@idp.example.com", client_id = "photos" }
  }

  expect_failures = [var.oidc]
}

run "refuses_an_issuer_with_its_document" {
  command = plan

  variables {
    oidc = { issuer = "https://idp.example.com/.well-known/openid-configuration", client_id = "photos" }
  }

  expect_failures = [var.oidc]
}

run "refuses_an_issuer_with_capitals" {
  command = plan

  variables {
    oidc = { issuer = "https://IDP.example.com", client_id = "photos" }
  }

  expect_failures = [var.oidc]
}

run "refuses_a_client_id_with_spaces" {
  command = plan

  variables {
    oidc = { issuer = "https://idp.example.com", client_id = "my photos" }
  }

  expect_failures = [var.oidc]
}

run "refuses_an_empty_audience" {
  command = plan

  variables {
    oidc = { issuer = "https://idp.example.com", client_id = "photos", audiences = [""] }
  }

  expect_failures = [var.oidc]
}

run "refuses_a_groups_claim_with_spaces" {
  command = plan

  variables {
    oidc = { issuer = "https://idp.example.com", client_id = "photos", groups_claim = "my groups" }
  }

  expect_failures = [var.oidc]
}

run "refuses_a_prompt_that_asks_for_no_account" {
  command = plan

  variables {
    oidc = { issuer = "https://idp.example.com", client_id = "photos", account_prompt = "none" }
  }

  expect_failures = [var.oidc]
}

run "refuses_two_issuers" {
  command = plan

  variables {
    oidc      = { issuer = "https://idp.example.com", client_id = "photos" }
    user_pool = { id = "eu-west-1_XyZ789" }
  }

  expect_failures = [var.oidc]
}

run "refuses_what_shapes_a_user_pool" {
  command = plan

  variables {
    mfa  = "ON"
    oidc = { issuer = "https://idp.example.com", client_id = "photos" }
  }

  expect_failures = [var.oidc]
}

run "refuses_flows_of_cognito" {
  command = plan

  variables {
    auth_flows = ["ALLOW_USER_SRP_AUTH"]
    oidc       = { issuer = "https://idp.example.com", client_id = "photos" }
  }

  expect_failures = [var.oidc]
}

run "refuses_uploads_with_other_tokens_than_cognitos" {
  command = plan

  variables {
    oidc    = { issuer = "https://idp.example.com", client_id = "photos" }
    uploads = {}
  }

  expect_failures = [var.oidc]
}
