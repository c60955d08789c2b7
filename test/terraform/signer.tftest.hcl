# The edge function and its configuration.

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

run "configures_the_signer_by_default" {
  command = plan

  assert {
    condition     = aws_lambda_function.signer.function_name == "photos-signer-qwertyui"
    error_message = "The last eight of the role's unique id, in lower case."
  }

  assert {
    condition     = aws_ssm_parameter.signer_configuration.name == "/photos-signer-qwertyui/configuration"
    error_message = "The parameter is found by the function's name."
  }

  assert {
    condition     = aws_secretsmanager_secret.signing_key["main"].name == "photos-signer-qwertyui/signing-key"
    error_message = "The secret is found by the function's name."
  }

  assert {
    condition     = aws_lambda_function.signer.publish && aws_lambda_function.signer.skip_destroy && aws_lambda_function.signer.memory_size == 128 && aws_lambda_function.signer.timeout == 15 && aws_lambda_function.signer.runtime == "nodejs22.x"
    error_message = "Published by version, left behind at the end."
  }

  assert {
    condition     = length(aws_lambda_function.signer.environment) == 0
    error_message = "Lambda@Edge allows no environment."
  }

  assert {
    condition     = aws_lambda_function.signer.source_code_hash == filebase64sha256("dist/edge-cache-request-signer.zip")
    error_message = "A changed zip is a changed function."
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value) == { version = 1, hosts = ["d111111abcdef8.cloudfront.net"], userPool = { id = "eu-west-1_AbC123", clientIds = ["1example23456789"], tokenUses = ["access"] }, grants = [{ paths = ["/*"] }], cookies = { lifetimeSeconds = 3600, sameSite = "Lax", hashAlgorithm = "SHA1", bindToIp = false }, cors = { allowedOrigins = [] }, cache = { freshSeconds = 300, staleSeconds = 3600 } }
    error_message = "The document of the defaults."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.signer_trust.statement[0].principals).identifiers == toset(["edgelambda.amazonaws.com", "lambda.amazonaws.com"])
    error_message = "Lambda and its replicas."
  }

  assert {
    condition     = data.aws_iam_policy_document.signer.statement[0].actions == toset(["ssm:GetParameters"]) && data.aws_iam_policy_document.signer.statement[0].resources == toset(["arn:aws:ssm:us-east-1:123456789012:parameter/photos-signer-qwertyui/configuration", "arn:aws:ssm:us-east-1:123456789012:parameter/aws/reference/secretsmanager/photos-signer-qwertyui/signing-key", "arn:aws:ssm:us-east-1:123456789012:parameter/aws/reference/secretsmanager/photos-signer-qwertyui/signing-key-*"])
    error_message = "The configuration and the signing keys."
  }

  assert {
    condition     = data.aws_iam_policy_document.signer.statement[1].actions == toset(["secretsmanager:GetSecretValue"]) && data.aws_iam_policy_document.signer.statement[1].resources == toset(["arn:aws:secretsmanager:us-east-1:123456789012:secret:photos-signer-qwertyui/signing-key-*"])
    error_message = "The signing keys of this stack."
  }

  assert {
    condition     = data.aws_iam_policy_document.signer.statement[2].resources == toset(["arn:aws:logs:*:123456789012:log-group:/aws/lambda/photos-signer-qwertyui:*", "arn:aws:logs:*:123456789012:log-group:/aws/lambda/us-east-1.photos-signer-qwertyui:*"]) && length(data.aws_iam_policy_document.signer.statement) == 3
    error_message = "Its own logs, in every region."
  }
}

run "writes_every_option_into_the_configuration" {
  command = plan

  variables {
    accepted_tokens          = ["id", "access"]
    aliases                  = ["photos.example.com"]
    allowed_origins          = ["https://app.example.com"]
    certificate_arn          = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
    cookie_same_site         = "None"
    cookie_ttl_minutes       = 15
    cookie_scope             = { bound_to_ip = true }
    lambda_runtime           = "nodejs22.x"
    signature_hash_algorithm = "SHA256"
    signer_cache             = { fresh_minutes = 1, stale_minutes = 0 }
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value) == { version = 1, hosts = ["d111111abcdef8.cloudfront.net", "photos.example.com"], userPool = { id = "eu-west-1_AbC123", clientIds = ["1example23456789"], tokenUses = ["access", "id"] }, grants = [{ paths = ["/*"] }], cookies = { lifetimeSeconds = 900, sameSite = "None", hashAlgorithm = "SHA256", bindToIp = true }, cors = { allowedOrigins = ["https://app.example.com"] }, cache = { freshSeconds = 60, staleSeconds = 0 } }
    error_message = "The document of all options."
  }
}

# The mocks answer at plan time, so that the length of the document is known.
run "refuses_a_configuration_that_no_parameter_holds" {
  command = plan

  variables {
    allowed_origins = [for i in range(100) : "https://an-app-with-a-host-name-that-takes-up-a-good-part-of-a-configuration-${i}.example.com"]
  }

  expect_failures = [aws_ssm_parameter.signer_configuration]
}
