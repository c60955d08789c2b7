# Every validation of variables.signing.tf and variables.operations.tf refuses what it should, several variables at a time.

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

run "refuses_words_that_nobody_knows" {
  command = plan

  variables {
    accepted_tokens          = ["access", "refresh"]
    cookie_same_site         = "lax"
    lambda_runtime           = "python3.13"
    signature_hash_algorithm = "SHA512"
    signing_key_algorithm    = "RSA-4096"
  }

  expect_failures = [var.accepted_tokens, var.cookie_same_site, var.signature_hash_algorithm, var.signing_key_algorithm, var.lambda_runtime]
}

run "refuses_too_little" {
  command = plan

  variables {
    accepted_tokens    = []
    cookie_ttl_minutes = 0
    lambda_runtime     = "nodejs20.x"
    log_retention_days = 0
    signer_cache       = { fresh_minutes = 0.5 }
  }

  expect_failures = [var.accepted_tokens, var.cookie_ttl_minutes, var.signer_cache, var.lambda_runtime, var.log_retention_days]
}

run "refuses_too_much" {
  command = plan

  variables {
    alarm_actions      = [for i in range(6) : "arn:aws:sns:us-east-1:123456789012:on-call-${i}"]
    cookie_ttl_minutes = 1441
    log_retention_days = 10
    signer_cache       = { stale_minutes = 10081 }
  }

  expect_failures = [var.cookie_ttl_minutes, var.signer_cache, var.alarm_actions, var.log_retention_days]
}

run "refuses_half_minutes_and_another_region" {
  command = plan

  variables {
    alarm_actions      = ["arn:aws:sns:eu-west-1:123456789012:on-call"]
    cookie_ttl_minutes = 2.5
  }

  expect_failures = [var.cookie_ttl_minutes, var.alarm_actions]
}

run "refuses_a_negative_cache" {
  command = plan

  variables {
    signer_cache = { stale_minutes = -1 }
  }

  expect_failures = [var.signer_cache]
}

run "refuses_a_rotation_several_times_a_day" {
  command = plan

  variables {
    rotation = { interval_days = 0.5 }
  }

  expect_failures = [var.rotation]
}

run "refuses_a_rotation_rarer_than_secrets_manager_can" {
  command = plan

  variables {
    rotation = { interval_days = 1000 }
  }

  expect_failures = [var.rotation]
}

run "refuses_to_wait_longer_than_lambda_runs" {
  command = plan

  variables {
    rotation = { propagation_minutes = 11 }
  }

  expect_failures = [var.rotation]
}

run "refuses_more_keys_than_a_group_holds" {
  command = plan

  variables {
    cookie_ttl_minutes = 1440
    rotation           = { interval_days = 1 }
    signer_cache       = { stale_minutes = 2871 }
  }

  expect_failures = [var.rotation]
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
