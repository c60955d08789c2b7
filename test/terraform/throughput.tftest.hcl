# Parameter Store's throughput, which belongs to the account.

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

run "leaves_the_accounts_setting_alone" {
  command = plan

  assert {
    condition     = length(aws_ssm_service_setting.parameter_throughput) == 0
    error_message = "Other stacks of the account may have set it."
  }
}

run "asks_for_high_throughput" {
  command = plan

  variables {
    parameter_throughput = "high"
  }

  assert {
    condition     = aws_ssm_service_setting.parameter_throughput[0].setting_id == "arn:aws:ssm:us-east-1:123456789012:servicesetting/ssm/parameter-store/high-throughput-enabled" && aws_ssm_service_setting.parameter_throughput[0].setting_value == "true"
    error_message = "In the region where all replicas read."
  }
}

run "asks_for_standard_throughput" {
  command = plan

  variables {
    parameter_throughput = "standard"
  }

  assert {
    condition     = aws_ssm_service_setting.parameter_throughput[0].setting_value == "false"
    error_message = "Explicitly, where somebody turned it up by hand."
  }
}
