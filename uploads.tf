# Uploads: the identity pool through which signed-in users, or those of some groups, write straight into the bucket, each
# below a prefix of one's own.

locals {
  uploads_enabled = var.uploads != null

  # What makes the pool's people others than those who are meant to write.
  uploads_in_doubt = compact([
    local.rules_let_everybody_in ? "" : "access_rules",
    var.self_sign_up_enabled ? "self_sign_up_enabled" : "",
    try(var.sign_in.any_federated_user_allowed, false) ? "sign_in.any_federated_user_allowed" : "",
  ])
}

resource "aws_cognito_identity_pool" "uploaders" {
  count = local.uploads_enabled ? 1 : 0

  identity_pool_name = var.name

  # The classic flow would let a client choose its role and skip Cognito's own narrowing of the session.
  allow_classic_flow               = false
  allow_unauthenticated_identities = false

  tags = var.tags

  dynamic "cognito_identity_providers" {
    for_each = local.client_ids

    content {
      client_id               = cognito_identity_providers.value
      provider_name           = local.user_pool_endpoint
      server_side_token_check = true
    }
  }

  lifecycle {
    # A group has its role from where it is made.
    precondition {
      condition     = !local.creates_user_pool || length(setsubtract(var.uploads.groups, keys(var.groups))) == 0
      error_message = "uploads.groups must be among groups, which get the role for uploads; got ${join(", ", setsubtract(var.uploads.groups, keys(var.groups)))} besides. Add them to groups."
    }

    # The identity pool knows nothing of access_rules: it would give credentials to whom they keep out. And that everybody
    # who makes an account may look does not say that they may write.
    precondition {
      condition     = length(var.uploads.groups) > 0 || var.uploads.everybody_allowed || length(local.uploads_in_doubt) == 0
      error_message = "uploads must say who may upload, because not everybody whom the user pool signs in is let in, or everybody can have an account (${join(", ", local.uploads_in_doubt)}): name uploads.groups, or set uploads.everybody_allowed = true."
    }
  }
}

data "aws_iam_policy_document" "uploader_trust" {
  count = local.uploads_enabled ? 1 : 0

  statement {
    sid     = "SignedInUsersOfThisPool"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["cognito-identity.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "cognito-identity.amazonaws.com:aud"
      values   = [aws_cognito_identity_pool.uploaders[0].id]
    }

    condition {
      test     = "ForAnyValue:StringLike"
      variable = "cognito-identity.amazonaws.com:amr"
      values   = ["authenticated"]
    }
  }
}

resource "aws_iam_role" "uploader" {
  count = local.uploads_enabled ? 1 : 0

  name                 = "${var.name}-uploader"
  assume_role_policy   = data.aws_iam_policy_document.uploader_trust[0].json
  permissions_boundary = var.permissions_boundary_arn

  tags = var.tags
}

data "aws_iam_policy_document" "uploader" {
  count = local.uploads_enabled ? 1 : 0

  statement {
    sid       = "WriteOwnPrefix"
    actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"]
    resources = ["${local.bucket_arn}/${var.uploads.prefix}/$${cognito-identity.amazonaws.com:sub}/*"]
  }

  dynamic "statement" {
    for_each = var.uploads.read_enabled ? [true] : []

    content {
      sid       = "ReadOwnPrefix"
      actions   = ["s3:GetObject"]
      resources = ["${local.bucket_arn}/${var.uploads.prefix}/$${cognito-identity.amazonaws.com:sub}/*"]
    }
  }

  dynamic "statement" {
    for_each = var.uploads.read_enabled ? [true] : []

    content {
      sid       = "ListOwnPrefix"
      actions   = ["s3:ListBucket"]
      resources = [local.bucket_arn]

      condition {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = ["${var.uploads.prefix}/$${cognito-identity.amazonaws.com:sub}/*"]
      }
    }
  }

  # Amazon S3 User Guide, Using server-side encryption with KMS keys: a part of a large upload is read again.
  dynamic "statement" {
    for_each = var.kms_key_arns.bucket[*]

    content {
      sid       = "EncryptUploads"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["s3.${data.aws_region.current.id}.${data.aws_partition.current.dns_suffix}"]
      }
    }
  }
}

resource "aws_iam_role_policy" "uploader" {
  count = local.uploads_enabled ? 1 : 0

  name   = "own-prefix"
  role   = aws_iam_role.uploader[0].id
  policy = data.aws_iam_policy_document.uploader[0].json
}

# No role for guests: without one Cognito hands them no credentials at all.
resource "aws_cognito_identity_pool_roles_attachment" "uploaders" {
  count = local.uploads_enabled ? 1 : 0

  identity_pool_id = aws_cognito_identity_pool.uploaders[0].id
  roles            = { authenticated = aws_iam_role.uploader[0].arn }

  # With groups the role comes from the token, which has it from the group, and whose token has none gets nothing (Cognito
  # Developer Guide, Using role-based access control).
  dynamic "role_mapping" {
    for_each = length(var.uploads.groups) > 0 ? local.client_ids : []

    content {
      identity_provider         = "${local.user_pool_endpoint}:${role_mapping.value}"
      type                      = "Token"
      ambiguous_role_resolution = "Deny"
    }
  }
}
