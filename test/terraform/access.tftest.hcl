# Who may see what: the rules in the configuration, and paths that lie inside each other.

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

run "writes_rules_as_the_function_reads_them" {
  command = plan

  variables {
    user_pool = { id = "eu-west-1_AbC123" }
    access_rules = [
      { paths = ["/staff/*", "/notes/{sub}/*"], groups = ["staff", "board"], scopes = ["photos/read"] },
      { paths = ["/press/*"], emails = ["ada@example.org"] },
      { paths = ["/tenants/{custom:tenant}/*"], email_domains = ["example.com"], claims = { "custom:plan" = ["gold", "blue"] } },
      { paths = ["/public/*"], everybody_allowed = true },
    ]
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).grants == [{ paths = ["/staff/*", "/notes/{sub}/*"], groups = ["board", "staff"], scopes = ["photos/read"] }, { paths = ["/press/*"], emails = ["ada@example.org"] }, { paths = ["/tenants/{custom:tenant}/*"], emailDomains = ["example.com"], claims = { "custom:plan" = ["blue", "gold"] } }, { paths = ["/public/*"] }]
    error_message = "Only the conditions that there are."
  }
}

run "accepts_directories_side_by_side" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/staff/*"], groups = ["staff"] },
      { paths = ["/finance/*"], groups = ["finance"] },
      { paths = ["/finance-old/*"], groups = ["audit"] },
      { paths = ["/users/{sub}/*"] },
    ]
  }

  assert {
    condition     = length(local.rule_overlaps) == 0
    error_message = "Nobody sees more than the rules say."
  }
}

run "accepts_the_same_path_twice" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/a/*"], groups = ["one"] },
      { paths = ["/a/*"], email_domains = ["example.com"] },
    ]
  }

  assert {
    condition     = length(local.rule_overlaps) == 0
    error_message = "Nobody sees more than the rules say."
  }
}

run "accepts_an_inner_path_for_more_people" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/a/*"], groups = ["one"], scopes = ["x"] },
      { paths = ["/a/b/*"], groups = ["one", "two"] },
      { paths = ["/a/c/*"], everybody_allowed = true },
    ]
  }

  assert {
    condition     = length(local.rule_overlaps) == 0
    error_message = "Nobody sees more than the rules say."
  }
}

run "accepts_more_of_ones_own_directory" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/users/{sub}/*"], groups = ["one"] },
      { paths = ["/users/{sub}/drafts/*"] },
    ]
  }

  assert {
    condition     = length(local.rule_overlaps) == 0
    error_message = "Nobody sees more than the rules say."
  }
}

run "accepts_an_overlap_that_is_meant" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/*"], groups = ["staff"] },
      { paths = ["/press/*"], email_domains = ["agency.example"], overlap_allowed = true },
      { paths = ["/users/{sub}/*"], overlap_allowed = true },
    ]
  }

  assert {
    condition     = length(local.rule_overlaps) == 0
    error_message = "Nobody sees more than the rules say."
  }
}

run "names_both_paths_of_an_overlap" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/*"], groups = ["staff"], overlap_allowed = true },
      { paths = ["/finance/*"], groups = ["finance"], overlap_allowed = true },
    ]
  }

  assert {
    condition     = length(local.nested_directories) == 1 && local.nested_directories[0].inner.path == "/finance/*" && local.nested_directories[0].outer.path == "/*"
    error_message = "The inner and the outer one."
  }
}
