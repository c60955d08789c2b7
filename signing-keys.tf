# The signing keys: the main one, and one for each exclusive label (exclusive.tf). Their private halves are made by the
# rotator (rotator.tf) and live in secrets: never in a variable, a plan or a state.

locals {
  # What each key is called, by its label; no exclusive one is called "main".
  signing_keys = merge(
    { main = { owner = var.name, secret = local.signing_key_secret_name, signs = "the cookies of ${var.name}" } },
    { for label in local.exclusive_labels : label => {
      owner  = "${var.name}_${label}"
      secret = "${local.signing_key_secret_name}-${label}"
      signs  = "the cookies of ${var.name} for ${label}"
    } },
  )

  signing_key_secret_arns = values(aws_secretsmanager_secret.signing_key)[*].arn

  # What all signed behaviours outside of exclusive subtrees trust. Who holds both is given cookies for the broader path,
  # signed with the exclusive key; it opens nothing else, because a policy is bound to its path as well.
  common_key_group_ids = [
    for label in concat(["main"], sort(local.exclusive_labels)) : aws_cloudfront_key_group.signing_keys[label].id
  ]

  rotation_schedule = "rate(${var.rotation.interval_days} ${var.rotation.interval_days == 1 ? "day" : "days"})"

  # A key group may not be empty, yet the first real key comes only with the first rotation. Until then it holds a public
  # key to which nobody has the private half: modulus RSA-2048 of the RSA Factoring Challenge (RSA Laboratories, 1991 to
  # 2007; 617 decimal digits, digit sum 2738, 25195908475657893494...97122822120720357, never factored) and exponent
  # 65537. The number was compared with three public copies of the list, and its digits counted and summed. The heredoc
  # ends with the line feed that CloudFront adds anyway: without it every plan would replace the key (provider issue 20081).
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
  for_each = local.signing_keys

  name    = "${each.value.owner}-signing-keys"
  comment = "Keys that sign ${each.value.signs}; the rotator adds and retires them"
  items   = [aws_cloudfront_public_key.bootstrap.id]

  lifecycle {
    # So that one goes after the distribution has let go of it: CloudFront does not delete what is in use.
    create_before_destroy = true

    # The rotator owns the list from the first rotation on.
    ignore_changes = [items]
  }
}

resource "aws_secretsmanager_secret" "signing_key" {
  #checkov:skip=CKV_AWS_149:the AWS managed key unless kms_key_arns names another
  for_each = local.signing_keys
  provider = aws.us_east_1

  name        = each.value.secret
  description = "Private key that signs ${each.value.signs}; written by ${local.rotator_name} only"
  kms_key_id  = var.kms_key_arns.secrets

  # Nothing to recover: the key is worthless without its key group, and a new stack makes a new one.
  recovery_window_in_days = 0

  tags = var.tags
}

# Making it starts the first rotation, which runs on after apply has ended; until then the signer answers 503.
resource "aws_secretsmanager_secret_rotation" "signing_key" {
  #checkov:skip=CKV_AWS_304:30 days by default; var.rotation.interval_days is the caller's choice
  for_each = local.signing_keys
  provider = aws.us_east_1

  secret_id           = aws_secretsmanager_secret.signing_key[each.key].id
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
