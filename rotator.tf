# The function that rotates the signing keys: Secrets Manager calls it on schedule, and once a day it tells their age.

locals {
  rotator_name = "${var.name}-key-rotator"
  rotator_zip  = "${path.module}/dist/key-rotator.zip"

  # Whoever holds a cookie or a cache of the key may use it for this long after it was replaced; the last five minutes
  # are for clocks that disagree. The rotator keeps a replaced key trusted until then.
  retire_after_minutes = (
    var.cookie_ttl_minutes
    + var.signer_cache.fresh_minutes
    + var.signer_cache.stale_minutes
    + var.rotation.propagation_minutes
    + 5
  )

  # A session opens with the key that sealed it, and each rotation makes another one: at any time of its day (Secrets
  # Manager User Guide, Rotation schedules), while caches seal with the one before for a while. The secret holds at most
  # so many (contract/secret.ts).
  sealing_key_limit = 16
  sealed_days       = local.session_days == null ? 0 : local.session_days + 1 + (var.signer_cache.fresh_minutes + var.signer_cache.stale_minutes) / 1440
  sealing_keys_kept = min(local.sealing_key_limit, max(2, ceil(local.sealed_days / var.rotation.interval_days) + 1))

  # CloudFront asks where a request comes from before it looks at cookies, and the rotator is a function in us-east-1
  # (CloudFront Developer Guide, Restrict the geographic distribution of your content).
  rotator_country  = "US"
  rotator_kept_out = contains(local.countries_denied, local.rotator_country) || length(local.countries_allowed) > 0 && !contains(local.countries_allowed, local.rotator_country)
  probe_enabled    = coalesce(var.rotation.probe_enabled, !local.rotator_kept_out)

  # Where the rotator tries a new key. Apart, because the distribution needs the keys first.
  probes = merge({ main = "https://${local.distribution_host}/.well-known/signing-key-probe" }, local.exclusive_probes)
}

data "aws_iam_policy_document" "rotator_trust" {
  statement {
    sid     = "Lambda"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "rotator" {
  name                 = local.rotator_name
  assume_role_policy   = data.aws_iam_policy_document.rotator_trust.json
  permissions_boundary = var.permissions_boundary_arn

  tags = var.tags
}

data "aws_iam_policy_document" "rotator" {
  #checkov:skip=CKV_AWS_111:CloudFront's key actions take no resource, see below
  #checkov:skip=CKV_AWS_356:CloudFront's key actions take no resource, see below
  statement {
    sid = "RotateTheSecrets"
    actions = [
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:PutSecretValue",
      "secretsmanager:UpdateSecretVersionStage",
    ]
    resources = local.signing_key_secret_arns
  }

  # Secrets Manager asks KMS in the caller's name, and names the secret (Secrets Manager User Guide, Secret encryption and
  # decryption).
  dynamic "statement" {
    for_each = var.kms_key_arns.secrets[*]

    content {
      sid       = "EncryptSecrets"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:EncryptionContext:SecretARN"
        values   = local.signing_key_secret_arns
      }
    }
  }

  # Public keys and key groups are no resource types of IAM: these actions take "*" and nothing else
  # (Service Authorization Reference, Actions, resources and condition keys for Amazon CloudFront).
  statement {
    sid = "PublishAndRetireKeys"
    actions = [
      "cloudfront:CreatePublicKey",
      "cloudfront:DeletePublicKey",
      "cloudfront:GetKeyGroup",
      "cloudfront:GetPublicKey",
      "cloudfront:ListPublicKeys",
      "cloudfront:UpdateKeyGroup",
      "cloudfront:UpdatePublicKey",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.rotator.arn}:*"]
  }
}

resource "aws_iam_role_policy" "rotator" {
  name   = "rotator"
  role   = aws_iam_role.rotator.id
  policy = data.aws_iam_policy_document.rotator.json
}

resource "aws_lambda_function" "rotator" {
  #checkov:skip=CKV_AWS_50:one invocation a step and month; its log says what a trace would
  #checkov:skip=CKV_AWS_115:Secrets Manager runs one step at a time
  #checkov:skip=CKV_AWS_116:Secrets Manager invokes it synchronously and retries by itself
  #checkov:skip=CKV_AWS_117:it talks to public endpoints only
  #checkov:skip=CKV_AWS_173:nothing secret in the environment
  #checkov:skip=CKV_AWS_272:the zip is reproducible and committed; its hash in dist/manifest.json is what to check
  provider = aws.us_east_1

  function_name = local.rotator_name
  description   = "Rotates the signing keys of ${var.name} for Secrets Manager"
  role          = aws_iam_role.rotator.arn

  filename         = local.rotator_zip
  source_code_hash = filebase64sha256(local.rotator_zip)
  handler          = "index.handler"
  memory_size      = 256
  runtime          = var.lambda_runtime

  # Lambda's longest: testSecret waits until the new key is known at every edge location.
  timeout = 900

  tags = var.tags

  environment {
    variables = {
      ROTATION_CONFIGURATION = jsonencode({
        name               = var.name
        algorithm          = var.signing_key_algorithm
        hashAlgorithm      = var.signature_hash_algorithm
        retireAfterSeconds = ceil(local.retire_after_minutes * 60)
        propagationSeconds = ceil(var.rotation.propagation_minutes * 60)
        sealingKeysKept    = local.sealing_keys_kept
        signingKeys = merge([for label, secret in aws_secretsmanager_secret.signing_key : {
          (secret.arn) = merge(
            { keyGroupId = aws_cloudfront_key_group.signing_keys[label].id },
            label == "main" ? {} : { label = label },
            local.probe_enabled ? { probeUrl = local.probes[label] } : {},
          )
        }]...)
      })
    }
  }

  # Otherwise the first invocation would make the log group, and keep it for ever.
  depends_on = [aws_cloudwatch_log_group.rotator]
}

resource "aws_lambda_permission" "secrets_manager" {
  provider = aws.us_east_1

  statement_id  = "SecretsManagerRotates"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.rotator.function_name
  principal     = "secretsmanager.amazonaws.com"

  # AWS documents the account as the condition; that Secrets Manager sends the secret's ARN is documented nowhere
  # (Secrets Manager User Guide, Set up automatic rotation using the AWS CLI).
  source_account = local.account_id
}
