# Every validation of access_rules refuses what it should.

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

run "refuses_rules_without_a_path" {
  command = plan

  variables {
    access_rules = [{ paths = [], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_of_a_file" {
  command = plan

  variables {
    access_rules = [{ paths = ["/report.pdf"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_without_a_slash_at_the_front" {
  command = plan

  variables {
    access_rules = [{ paths = ["finance/*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_that_end_in_a_part" {
  command = plan

  variables {
    access_rules = [{ paths = ["/fin*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_with_a_wildcard_between" {
  command = plan

  variables {
    access_rules = [{ paths = ["/a/*/b/*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_with_a_question_mark" {
  command = plan

  variables {
    access_rules = [{ paths = ["/a?/*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_with_dots" {
  command = plan

  variables {
    access_rules = [{ paths = ["/a/../*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_with_encoded_dots" {
  command = plan

  variables {
    access_rules = [{ paths = ["/a/%2E%2e/*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_with_an_empty_part" {
  command = plan

  variables {
    access_rules = [{ paths = ["/a//*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_that_end_the_cookie" {
  command = plan

  variables {
    access_rules = [{ paths = ["/a;b/*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_with_a_claim_in_a_part" {
  command = plan

  variables {
    access_rules = [{ paths = ["/users-{sub}/*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_with_a_space" {
  command = plan

  variables {
    access_rules = [{ paths = ["/a b/*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_of_the_module" {
  command = plan

  variables {
    access_rules = [{ paths = ["/cookie/*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_paths_of_its_pages" {
  command = plan

  variables {
    access_rules = [{ paths = ["/.sign-in/x/*"], groups = ["staff"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_a_rule_whose_condition_is_misspelt" {
  command = plan

  variables {
    access_rules = [{ paths = ["/finance/*"], group = ["finance"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_a_rule_for_everybody_and_for_some" {
  command = plan

  variables {
    access_rules = [{ paths = ["/*"], groups = ["staff"], everybody_allowed = true }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_addresses_in_capitals" {
  command = plan

  variables {
    access_rules = [{ paths = ["/*"], emails = ["Ada@example.com"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_domains_with_an_at_sign" {
  command = plan

  variables {
    access_rules = [{ paths = ["/*"], email_domains = ["@example.com"] }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_claims_without_a_value" {
  command = plan

  variables {
    access_rules = [{ paths = ["/*"], claims = { level = [] } }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_claims_without_a_proper_name" {
  command = plan

  variables {
    access_rules = [{ paths = ["/*"], claims = { "a b" = ["7"] } }]
  }

  expect_failures = [var.access_rules]
}

run "refuses_empty_values" {
  command = plan

  variables {
    access_rules = [{ paths = ["/*"], groups = [""] }]
  }

  expect_failures = [var.access_rules]
}
