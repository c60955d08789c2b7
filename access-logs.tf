# Who asked CloudFront for what: standard logging v2, whose source and destination are in us-east-1 (CloudFront Developer
# Guide, Configure standard logging v2). The bucket may be anywhere.

locals {
  # Everything that CloudFront logs but the cookies, which are signed, the query string and the referrer, in which codes of
  # a sign-in and signed links are: whoever reads a log must not be able to come in with it.
  log_fields = [
    "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status",
    "cs(User-Agent)", "x-edge-result-type", "x-edge-request-id", "x-host-header", "cs-protocol", "cs-bytes", "time-taken",
    "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type", "cs-protocol-version", "c-port",
    "time-to-first-byte", "x-edge-detailed-result-type", "sc-content-type", "sc-content-len", "sc-range-start",
    "sc-range-end",
  ]
}

resource "aws_cloudwatch_log_delivery_source" "access" {
  count    = var.access_logs == null ? 0 : 1
  provider = aws.us_east_1

  name         = "${var.name}-access"
  log_type     = "ACCESS_LOGS"
  resource_arn = local.distribution_arn

  tags = var.tags
}

resource "aws_cloudwatch_log_delivery_destination" "access" {
  count    = var.access_logs == null ? 0 : 1
  provider = aws.us_east_1

  name          = "${var.name}-access"
  output_format = var.access_logs.format

  tags = var.tags

  # The prefix belongs here: CloudWatch puts text of its own before that of a delivery, on which versions of the provider
  # disagree (provider issues 40968 and 46328).
  delivery_destination_configuration {
    destination_resource_arn = join("/", compact([var.access_logs.bucket_arn, var.access_logs.prefix]))
  }
}

resource "aws_cloudwatch_log_delivery" "access" {
  count    = var.access_logs == null ? 0 : 1
  provider = aws.us_east_1

  delivery_destination_arn = aws_cloudwatch_log_delivery_destination.access[0].arn
  delivery_source_name     = aws_cloudwatch_log_delivery_source.access[0].name
  record_fields            = var.access_logs.fields == null ? local.log_fields : var.access_logs.fields

  tags = var.tags
}
