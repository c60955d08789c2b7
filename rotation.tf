# The signing keys. Their private halves are made by the rotator and live in secrets, the main one's here, those of
# exclusive rules in exclusive.tf: never in a variable, a plan or a state.

locals {
  # Whoever holds a cookie or a cache of the key may use it for this long after it was replaced; the last five minutes
  # are for clocks that disagree. The rotator keeps a replaced key trusted until then.
  retire_after_minutes = (
    var.cookie_ttl_minutes
    + var.signer_cache.fresh_minutes
    + var.signer_cache.stale_minutes
    + var.rotation.propagation_minutes
    + 5
  )

  signing_key_secret_arns = concat([aws_secretsmanager_secret.signing_key.arn], values(aws_secretsmanager_secret.exclusive)[*].arn)

  rotation_schedule = "rate(${var.rotation.interval_days} ${var.rotation.interval_days == 1 ? "day" : "days"})"

  rotator_name = "${var.name}-key-rotator"
  rotator_zip  = "${path.module}/dist/key-rotator.zip"

  # A key group may not be empty, yet the first real key comes only with the first rotation. Until then it holds a public
  # key to which nobody has the private half: modulus RSA-2048 of the RSA Factoring Challenge (RSA Laboratories, 1991 to
  # 2007; 617 decimal digits, digit sum 2738, 25195908475657893494...97122822120720357, never factored) and exponent
  # 65537. The number was compared with three public copies of the list, and its digits counted and summed. The heredoc ends with the line
  # feed that CloudFront adds anyway: without it every plan would replace the key (provider issue 20081).
  bootstrap_public_key = <<-PEM
    -----BEGIN PUBLIC KEY-----
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAx5cM7tzDsHVEkCAaeqYT
    zXOREIHHkPXxqHJvRjVQu1t/8NuOHqEYnscvk9FlABG9chrurMKs3jKgQQfwZIwo
    E6MfWwt3Zf+LRLS2/8kzhLZG6wnHz16FktQOozyAA581tPFKBLUfe/14G+TRZzFk
    uo65kcLE1zC7vjX1kr3vUkr36Nrv0mxm/ALEea+J1k03P0QnCUOd5mzrlV8+o31R
    WfYTWAn4UzS1yxgTrdyAzQVgnxCsapWtZYcskJUlva0yvHKVkmQpIPJMYdxbPDt5
    I+VrFqTZ03PYch8ko/wPGzEx9VYVFyhmvMww+VBUyCTnM6XraBf3vBY5nUjGNhzH
    5QIDAQAB
    -----END PUBLIC KEY-----
  PEM
}

resource "aws_cloudfront_public_key" "bootstrap" {
  # A prefix, because two keys may not share a name and the new one is made before the old one leaves the group.
  name_prefix = "${var.name}-bootstrap-"
  comment     = "RSA-2048 of the RSA Factoring Challenge; leaves the key group with the first rotation"
  encoded_key = local.bootstrap_public_key

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudfront_key_group" "signing_keys" {
  name    = "${var.name}-signing-keys"
  comment = "Keys that sign the cookies of ${var.name}; the rotator adds and retires them"
  items   = [aws_cloudfront_public_key.bootstrap.id]

  lifecycle {
    # The rotator owns the list from the first rotation on.
    ignore_changes = [items]
  }
}

resource "aws_secretsmanager_secret" "signing_key" {
  #checkov:skip=CKV_AWS_149:the AWS managed key unless kms_key_arns names another
  provider = aws.us_east_1

  name        = local.signing_key_secret_name
  description = "Private key that signs the cookies of ${var.name}; written by ${local.rotator_name} only"
  kms_key_id  = var.kms_key_arns.secrets

  # Nothing to recover: the key is worthless without its key group, and a new stack makes a new one.
  recovery_window_in_days = 0

  tags = var.tags
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
        signingKeys = merge(
          {
            (aws_secretsmanager_secret.signing_key.arn) = {
              keyGroupId = aws_cloudfront_key_group.signing_keys.id
              probeUrl   = "https://${local.distribution_host}/.well-known/signing-key-probe"
            }
          },
          { for label, secret in aws_secretsmanager_secret.exclusive : secret.arn => {
            label      = label
            keyGroupId = aws_cloudfront_key_group.exclusive[label].id
            probeUrl   = local.exclusive_probes[label]
          } },
        )
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

# Making it starts the first rotation, which runs on after apply has ended; until then the signer answers 503.
resource "aws_secretsmanager_secret_rotation" "signing_key" {
  #checkov:skip=CKV_AWS_304:30 days by default; var.rotation.interval_days is the caller's choice
  provider = aws.us_east_1

  secret_id           = aws_secretsmanager_secret.signing_key.id
  rotation_lambda_arn = aws_lambda_function.rotator.arn

  rotation_rules {
    schedule_expression = local.rotation_schedule
  }

  depends_on = [
    aws_cloudfront_distribution.content,
    aws_iam_role_policy.rotator,
    aws_lambda_permission.secrets_manager,
    # The probe of a new key asks for an object that is not there: 404 is the proof, and that needs the bucket's policy.
    aws_s3_bucket_policy.content,
    # One that is given may be known by name before it is there.
    var.distribution,
  ]
}
