# The signing keys and their rotation.

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

run "rotates_one_key_by_default" {
  command = plan

  assert {
    condition     = aws_cloudfront_public_key.bootstrap.name_prefix == "photos-bootstrap-" && sha256(aws_cloudfront_public_key.bootstrap.encoded_key) == "7819c428a201e838dbb76ee06f2580e35fdf52d346e05c35466085c8bc061e20"
    error_message = "RSA-2048 of the Factoring Challenge with exponent 65537, as openssl writes it."
  }

  assert {
    condition     = aws_cloudfront_key_group.signing_keys["main"].items == toset(["K2EXAMPLE"]) && aws_cloudfront_key_group.signing_keys["main"].name == "photos-signing-keys"
    error_message = "The group begins with it."
  }

  assert {
    condition     = aws_secretsmanager_secret.signing_key["main"].recovery_window_in_days == 0
    error_message = "A destroyed stack leaves no name behind."
  }

  assert {
    condition     = jsondecode(aws_lambda_function.rotator.environment[0].variables.ROTATION_CONFIGURATION) == { name = "photos", algorithm = "RSA-2048", hashAlgorithm = "SHA1", retireAfterSeconds = 8100, propagationSeconds = 300, sealingKeysKept = 2, signingKeys = { "arn:aws:secretsmanager:us-east-1:123456789012:secret:mock-AbCdEf" = { keyGroupId = "11111111-2222-3333-4444-555555555555", probeUrl = "https://d111111abcdef8.cloudfront.net/.well-known/signing-key-probe" } } }
    error_message = "60 + 5 + 60 + 5 + 5 minutes are 8100 seconds."
  }

  assert {
    condition     = aws_lambda_function.rotator.function_name == "photos-key-rotator" && aws_lambda_function.rotator.timeout == 900 && aws_lambda_function.rotator.memory_size == 256
    error_message = "As long as Lambda allows."
  }

  assert {
    condition     = aws_lambda_function.rotator.source_code_hash == filebase64sha256("dist/key-rotator.zip")
    error_message = "A changed zip is a changed function."
  }

  assert {
    condition     = one(aws_secretsmanager_secret_rotation.signing_key["main"].rotation_rules).schedule_expression == "rate(30 days)"
    error_message = "Once a month."
  }

  assert {
    condition     = aws_lambda_permission.secrets_manager.principal == "secretsmanager.amazonaws.com" && aws_lambda_permission.secrets_manager.source_account == "123456789012"
    error_message = "Secrets Manager of this account may invoke it."
  }

  assert {
    condition     = data.aws_iam_policy_document.rotator.statement[0].resources == toset(["arn:aws:secretsmanager:us-east-1:123456789012:secret:mock-AbCdEf"]) && data.aws_iam_policy_document.rotator.statement[0].actions == toset(["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"])
    error_message = "One secret."
  }

  assert {
    condition     = alltrue([for action in data.aws_iam_policy_document.rotator.statement[1].actions : can(regex("^cloudfront:[A-Za-z]*(PublicKeys?|KeyGroup)$", action))])
    error_message = "Keys and key groups, nothing else of CloudFront."
  }

  assert {
    condition     = data.aws_iam_policy_document.rotator.statement[2].resources == toset(["arn:aws:logs:us-east-1:123456789012:log-group:mock:*"]) && length(data.aws_iam_policy_document.rotator.statement) == 3
    error_message = "Its own log."
  }
}

run "takes_every_option" {
  command = plan

  variables {
    cookie_ttl_minutes       = 15
    rotation                 = { interval_days = 1, propagation_minutes = 0 }
    signature_hash_algorithm = "SHA256"
    signer_cache             = { fresh_minutes = 1, stale_minutes = 0 }
    signing_key_algorithm    = "ECDSA-P256"
  }

  assert {
    condition     = local.retire_after_minutes == 21
    error_message = "15 + 1 + 0 + 0 + 5 minutes."
  }

  assert {
    condition     = one(aws_secretsmanager_secret_rotation.signing_key["main"].rotation_rules).schedule_expression == "rate(1 day)"
    error_message = "One day is written in the singular."
  }

  assert {
    condition     = jsondecode(aws_lambda_function.rotator.environment[0].variables.ROTATION_CONFIGURATION).algorithm == "ECDSA-P256" && jsondecode(aws_lambda_function.rotator.environment[0].variables.ROTATION_CONFIGURATION).hashAlgorithm == "SHA256" && jsondecode(aws_lambda_function.rotator.environment[0].variables.ROTATION_CONFIGURATION).propagationSeconds == 0
    error_message = "The rotator knows both."
  }
}

run "tries_new_keys_where_the_united_states_may_come" {
  command = plan

  variables {
    rotation            = { probe_enabled = true }
    viewer_restrictions = { countries_allowed = ["DE", "US"] }
  }

  assert {
    condition     = local.probe_enabled
    error_message = "The rotator may come."
  }
}

run "tries_new_keys_where_others_are_denied" {
  command = plan

  variables {
    viewer_restrictions = { countries_denied = ["KP"] }
  }

  assert {
    condition     = local.probe_enabled
    error_message = "The rotator may come."
  }
}

run "tries_no_key_where_only_others_may_come" {
  command = plan

  variables {
    viewer_restrictions = { countries_allowed = ["DE", "FR"] }
  }

  assert {
    condition     = jsondecode(aws_lambda_function.rotator.environment[0].variables.ROTATION_CONFIGURATION).signingKeys == { "arn:aws:secretsmanager:us-east-1:123456789012:secret:mock-AbCdEf" = { keyGroupId = "11111111-2222-3333-4444-555555555555" } }
    error_message = "CloudFront would refuse the rotator, whatever key it comes with."
  }
}

run "tries_no_key_where_the_united_states_are_denied" {
  command = plan

  variables {
    viewer_restrictions = { countries_denied = ["KP", "US"] }
  }

  assert {
    condition     = !local.probe_enabled
    error_message = "CloudFront would refuse the rotator, whatever key it comes with."
  }
}

run "tries_no_key_if_asked_not_to" {
  command = plan

  variables {
    rotation = { probe_enabled = false }
  }

  assert {
    condition     = jsondecode(aws_lambda_function.rotator.environment[0].variables.ROTATION_CONFIGURATION).signingKeys == { "arn:aws:secretsmanager:us-east-1:123456789012:secret:mock-AbCdEf" = { keyGroupId = "11111111-2222-3333-4444-555555555555" } }
    error_message = "There is no address to try one at."
  }
}

run "keeps_three_sealing_keys_for_a_session_of_one_interval" {
  command = plan

  variables {
    sign_in = {}
  }

  assert {
    condition     = local.sealing_keys_kept == 3
    error_message = "The refresh token's 30 days are one interval, and a rotation may come a day earlier or later."
  }
}

run "keeps_a_sealing_key_as_long_as_a_session" {
  command = plan

  variables {
    rotation = { interval_days = 7 }
    sign_in  = { session_days = 30 }
  }

  assert {
    condition     = jsondecode(aws_lambda_function.rotator.environment[0].variables.ROTATION_CONFIGURATION).sealingKeysKept == 6
    error_message = "Up to five rotations fall into 31 days, and each makes a key besides the one that sealed the session."
  }
}

run "keeps_as_many_sealing_keys_as_the_secret_holds" {
  command = plan

  variables {
    rotation = { interval_days = 2 }
    sign_in  = {}
  }

  assert {
    condition     = local.sealing_keys_kept == 16
    error_message = "30 days are 15 intervals."
  }
}
