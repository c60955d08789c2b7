# Log groups and alarms.

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

run "watches_rotation_age_and_edge" {
  command = plan

  variables {
    alarm_actions = ["arn:aws:sns:us-east-1:123456789012:on-call"]
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.rotation_failed.dimensions == tomap({ FunctionName = "photos-key-rotator" }) && aws_cloudwatch_metric_alarm.rotation_failed.metric_name == "Errors" && aws_cloudwatch_metric_alarm.rotation_failed.threshold == 0
    error_message = "Every failed step."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.retirement_failed.dimensions == tomap({ StackName = "photos" }) && aws_cloudwatch_metric_alarm.retirement_failed.namespace == "CloudFrontSignedCookies" && aws_cloudwatch_metric_alarm.retirement_failed.metric_name == "RetirementFailures" && aws_cloudwatch_metric_alarm.retirement_failed.threshold == 0
    error_message = "Every key that could not be retired, in the metric that the rotator writes."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.key_too_old["main"].threshold == 32 * 86400 && aws_cloudwatch_metric_alarm.key_too_old["main"].dimensions == tomap({ SecretName = "photos-signer-qwertyui/signing-key" })
    error_message = "A key two days over its time."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.key_too_old["main"].insufficient_data_actions == toset(["arn:aws:sns:us-east-1:123456789012:on-call"])
    error_message = "And a key of which nobody knows the age."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_target.key_age.input) == { task = "report-key-age" } && aws_lambda_permission.key_age.principal == "events.amazonaws.com" && aws_lambda_permission.key_age.source_arn == "arn:aws:events:us-east-1:123456789012:rule/mock"
    error_message = "The schedule asks the rotator, and may."
  }

  assert {
    condition     = toset([for query in aws_cloudwatch_metric_alarm.signer_failed.metric_query : try(query.metric[0].metric_name, query.expression)]) == toset(["LambdaExecutionError", "LambdaLimitExceededErrors", "LambdaValidationError", "SUM(METRICS())"])
    error_message = "Every way in which the edge function can fail."
  }

  assert {
    condition     = alltrue([for alarm in [aws_cloudwatch_metric_alarm.rotation_failed, aws_cloudwatch_metric_alarm.retirement_failed, aws_cloudwatch_metric_alarm.key_too_old["main"], aws_cloudwatch_metric_alarm.signer_failed] : alarm.alarm_actions == toset(["arn:aws:sns:us-east-1:123456789012:on-call"]) && alarm.ok_actions == alarm.alarm_actions])
    error_message = "All of them tell when it begins and ends."
  }
}

run "names_and_keeps_logs" {
  command = plan

  variables {
    log_retention_days = 7
  }

  assert {
    condition     = aws_cloudwatch_log_group.signer.name == "/aws/lambda/us-east-1.photos-signer-qwertyui" && aws_cloudwatch_log_group.signer.retention_in_days == 7
    error_message = "The replicas' group in us-east-1."
  }

  assert {
    condition     = aws_cloudwatch_log_group.rotator.name == "/aws/lambda/photos-key-rotator" && aws_cloudwatch_log_group.rotator.retention_in_days == 7
    error_message = "The rotator's group."
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.rotation_failed.alarm_actions) == 0
    error_message = "Alarms without anybody to tell are still there."
  }
}
