# What an app, an operator and a DNS record get to know.

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

run "tells_an_app_all_it_needs" {
  command = plan

  variables {
    uploads = {}
  }

  assert {
    condition     = output.user_pool_id == "eu-west-1_AbC123" && output.user_pool_client_id == "1example23456789" && output.user_pool_issuer == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123"
    error_message = "Where to sign in."
  }

  assert {
    condition     = output.identity_pool_id == "eu-west-1:00000000-1111-2222-3333-444444444444" && output.upload_role_arn == "arn:aws:iam::123456789012:role/mock" && output.bucket_name == "photos-mock"
    error_message = "Where to upload."
  }
}

run "tells_an_operator_all_it_needs" {
  command = plan

  assert {
    condition     = output.distribution_id == "E2EXAMPLE" && output.distribution_arn == "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE" && output.key_group_id == "11111111-2222-3333-4444-555555555555"
    error_message = "The distribution and its keys."
  }

  assert {
    condition     = output.distribution_domain_name == "D111111ABCDEF8.cloudfront.net" && output.bucket_arn == "arn:aws:s3:::photos-mock"
    error_message = "Where DNS points, where content goes."
  }

  assert {
    condition     = output.signing_key_secret_name == "photos-signer-qwertyui/signing-key" && output.signing_key_secret_arn == "arn:aws:secretsmanager:us-east-1:123456789012:secret:mock-AbCdEf"
    error_message = "What to rotate."
  }

  assert {
    condition     = output.signer_function_arn == "arn:aws:lambda:us-east-1:123456789012:function:mock:7" && output.signer_function_name == "photos-signer-qwertyui" && output.signer_configuration_name == "/photos-signer-qwertyui/configuration"
    error_message = "The edge function."
  }

  assert {
    condition     = output.rotator_function_arn == "arn:aws:lambda:us-east-1:123456789012:function:mock" && output.rotator_log_group_name == "/aws/lambda/photos-key-rotator"
    error_message = "The rotator."
  }
}
