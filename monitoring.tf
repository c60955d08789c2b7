# Log groups and alarms, all in us-east-1: CloudFront's metrics are there, and so are both functions.

locals {
  alarm_actions = sort(var.alarm_actions)

  # A day for the schedule's window, a day for retries and for somebody to look.
  signing_key_age_limit_days = var.rotation.interval_days + 2
}

# Replicas of the edge function log in the region where they run; this is the group of those in us-east-1.
resource "aws_cloudwatch_log_group" "signer" {
  #checkov:skip=CKV_AWS_158:no secret and no token is ever logged
  #checkov:skip=CKV_AWS_338:var.log_retention_days is the caller's choice
  provider = aws.us_east_1

  name              = "/aws/lambda/${local.home_region}.${local.signer_name}"
  retention_in_days = var.log_retention_days

  tags = var.tags
}

resource "aws_cloudwatch_log_group" "rotator" {
  #checkov:skip=CKV_AWS_158:no secret and no token is ever logged
  #checkov:skip=CKV_AWS_338:var.log_retention_days is the caller's choice
  provider = aws.us_east_1

  name              = "/aws/lambda/${local.rotator_name}"
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

# The names are those of CloudFront's own console graphs; the three sum up what viewers saw as 502 or 503.
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
          DistributionId = aws_cloudfront_distribution.content.id
          Region         = "Global"
        }
      }
    }
  }
}
