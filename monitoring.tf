# Log groups and alarms, all in us-east-1: CloudFront's metrics are there, and so are both functions.

locals {
  alarm_actions = sort(var.alarm_actions)

  # A day for the schedule's window and one for Secrets Manager's retries.
  key_age_limit_days = var.rotation.interval_days + 2
}

# Replicas of the edge function log in the region where they run; this is the group of those in us-east-1.
resource "aws_cloudwatch_log_group" "signer" {
  #checkov:skip=CKV_AWS_158:AWS's own key unless kms_key_arns names another; no secret and no token is ever logged
  #checkov:skip=CKV_AWS_338:var.log_retention_days is the caller's choice
  provider = aws.us_east_1

  name              = "/aws/lambda/${local.home_region}.${local.signer_name}"
  kms_key_id        = var.kms_key_arns.logs
  retention_in_days = var.log_retention_days

  tags = var.tags
}

resource "aws_cloudwatch_log_group" "rotator" {
  #checkov:skip=CKV_AWS_158:AWS's own key unless kms_key_arns names another; no secret and no token is ever logged
  #checkov:skip=CKV_AWS_338:var.log_retention_days is the caller's choice
  provider = aws.us_east_1

  name              = "/aws/lambda/${local.rotator_name}"
  kms_key_id        = var.kms_key_arns.logs
  retention_in_days = var.log_retention_days

  tags = var.tags
}

# A failed step: the old key goes on working, but somebody should know.
resource "aws_cloudwatch_metric_alarm" "rotation_failed" {
  provider = aws.us_east_1

  alarm_name        = "${var.name}-rotation-failed"
  alarm_description = "A step of the signing key's rotation failed. The current key goes on working; ${local.rotator_name} logged what to do."

  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = 300
  statistic           = "Sum"
  threshold           = 0
  treat_missing_data  = "notBreaching"

  dimensions = { FunctionName = aws_lambda_function.rotator.function_name }

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags
}

# A rotation succeeds although a replaced key could not be marked, taken away or deleted: the next one tries again, but
# keys that pile up end in a full group.
resource "aws_cloudwatch_metric_alarm" "retirement_failed" {
  provider = aws.us_east_1

  alarm_name        = "${var.name}-retirement-failed"
  alarm_description = "A replaced signing key could not be retired. Cookies go on working and the next rotation tries again; ${local.rotator_name} logged why, and npm run keys shows what is left."

  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "RetirementFailures"
  namespace           = "CloudFrontSignedCookies"
  period              = 300
  statistic           = "Sum"
  threshold           = 0
  treat_missing_data  = "notBreaching"

  dimensions = { StackName = var.name }

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags
}

# What viewers saw as 502 or 503. AWS documents the three graphs (CloudFront Developer Guide, View CloudFront and edge
# function metrics) but not the metrics' names: these are what dashboards of CloudFront's console use.
resource "aws_cloudwatch_metric_alarm" "signer_failed" {
  provider = aws.us_east_1

  alarm_name        = "${var.name}-signer-failed"
  alarm_description = "The edge function crashed, timed out, was throttled or answered what CloudFront does not accept. Its log groups are in the regions where it ran."

  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 0
  treat_missing_data  = "notBreaching"

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags

  metric_query {
    id          = "failures"
    expression  = "SUM(METRICS())"
    label       = "Failed requests to cookie/*"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { execution = "LambdaExecutionError", response = "LambdaValidationError", limit = "LambdaLimitExceededErrors" }

    content {
      id = metric_query.key

      metric {
        metric_name = metric_query.value
        namespace   = "AWS/CloudFront"
        period      = 300
        stat        = "Sum"

        dimensions = {
          DistributionId = local.distribution_id
          Region         = "Global"
        }
      }
    }
  }
}

# A secret that nobody rotates fails no step. An alarm looks back seven days at most (CloudWatch API Reference,
# PutMetricAlarm), so it cannot wait for a rotation that is due once a month; instead the rotator is asked several times
# a day for the key's age, and that number is watched.
resource "aws_cloudwatch_event_rule" "key_age" {
  provider = aws.us_east_1

  name                = "${var.name}-key-age"
  description         = "Asks ${local.rotator_name} for the age of the signing key"
  schedule_expression = "rate(6 hours)"

  tags = var.tags
}

resource "aws_cloudwatch_event_target" "key_age" {
  provider = aws.us_east_1

  rule  = aws_cloudwatch_event_rule.key_age.name
  arn   = aws_lambda_function.rotator.arn
  input = jsonencode({ task = "report-key-age" })
}

resource "aws_lambda_permission" "key_age" {
  provider = aws.us_east_1

  statement_id  = "ScheduleAsksForTheKeysAge"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.rotator.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.key_age.arn
}

resource "aws_cloudwatch_metric_alarm" "key_too_old" {
  for_each = local.signing_keys
  provider = aws.us_east_1

  alarm_name        = "${each.value.owner}-key-too-old"
  alarm_description = "The key that signs ${each.value.signs} has not been rotated for ${local.key_age_limit_days} days, though it should be every ${var.rotation.interval_days}; or nobody knows, because ${local.rotator_name} no longer reports its age. Cookies go on working."

  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "SigningKeyAge"
  namespace           = "CloudFrontSignedCookies"
  period              = 86400
  statistic           = "Maximum"
  threshold           = local.key_age_limit_days * 86400

  # Not "breaching": a new stack has no data for its first hours and would begin with an alarm. Data that stops coming
  # is told by insufficient_data_actions, which need a change of state and so do not fire at the beginning.
  treat_missing_data = "missing"

  dimensions = { SecretName = aws_secretsmanager_secret.signing_key[each.key].name }

  alarm_actions             = local.alarm_actions
  insufficient_data_actions = local.alarm_actions
  ok_actions                = local.alarm_actions

  tags = var.tags
}
