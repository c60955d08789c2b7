# Who may sign in: Cognito's user pool with its login page, and the identity pool through which signed-in users upload.

locals {
  login_prefix       = coalesce(var.login_domain, "${var.name}-${local.account_id}")
  has_own_login_host = strcontains(local.login_prefix, ".")
  login_host         = local.has_own_login_host ? local.login_prefix : "${local.login_prefix}.auth.${data.aws_region.current.id}.amazoncognito.com"

  callback_urls = flatten([for url in var.callback_urls : startswith(url, "/") ? [for host in local.hosts : "https://${host}${url}"] : [url]])
  sign_out_urls = flatten([for url in var.sign_out_urls : startswith(url, "/") ? [for host in local.hosts : "https://${host}${url}"] : [url]])

  memberships = merge([for email, user in var.users : { for group in user.groups : "${email}/${group}" => { email = email, group = group } }]...)

  uploads_enabled = var.uploads != null
}

resource "aws_cognito_user_pool" "users" {
  name = var.name

  auto_verified_attributes = ["email"]
  deletion_protection      = var.user_pool_deletion_protection_enabled ? "ACTIVE" : "INACTIVE"
  mfa_configuration        = var.mfa
  username_attributes      = ["email"]

  tags = var.tags

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = !var.self_sign_up_enabled
  }

  password_policy {
    minimum_length                   = 12
    require_lowercase                = true
    require_numbers                  = true
    require_symbols                  = true
    require_uppercase                = true
    temporary_password_validity_days = 7
  }

  dynamic "software_token_mfa_configuration" {
    for_each = var.mfa == "OFF" ? [] : [true]

    content {
      enabled = true
    }
  }

  username_configuration {
    case_sensitive = false
  }
}

resource "aws_cognito_user_pool_client" "app" {
  name         = var.name
  user_pool_id = aws_cognito_user_pool.users.id

  # A browser or a phone cannot keep a secret: the app proves itself by PKCE (RFC 7636).
  generate_secret = false

  allowed_oauth_flows                  = ["code"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_scopes                 = ["email", "openid", "profile"]
  callback_urls                        = local.callback_urls
  enable_token_revocation              = true
  explicit_auth_flows                  = setunion(["ALLOW_REFRESH_TOKEN_AUTH"], var.auth_flows)
  logout_urls                          = local.sign_out_urls
  prevent_user_existence_errors        = "ENABLED"
  supported_identity_providers         = ["COGNITO"]

  access_token_validity  = var.token_validity.access_minutes
  id_token_validity      = var.token_validity.id_minutes
  refresh_token_validity = var.token_validity.refresh_days

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
}

resource "aws_cognito_user_pool_domain" "login" {
  domain          = local.login_prefix
  certificate_arn = var.login_domain_certificate_arn
  user_pool_id    = aws_cognito_user_pool.users.id

  # Without managed_login_version it is the classic page; the newer one needs a branding, which no 5.x provider can make.
}

resource "aws_cognito_user_group" "group" {
  for_each = var.groups

  name         = each.key
  description  = each.value.description
  precedence   = each.value.precedence
  user_pool_id = aws_cognito_user_pool.users.id
}

resource "aws_cognito_user" "first" {
  for_each = var.users

  user_pool_id = aws_cognito_user_pool.users.id
  username     = each.key

  # verified, because an administrator vouches for the address; account recovery depends on it.
  attributes = {
    email          = each.key
    email_verified = "true"
  }

  desired_delivery_mediums = ["EMAIL"]
  message_action           = each.value.invitation_enabled ? null : "SUPPRESS"

  lifecycle {
    # People edit their own profile; an apply must not undo it.
    ignore_changes = [attributes]
  }
}

resource "aws_cognito_user_in_group" "membership" {
  for_each = local.memberships

  user_pool_id = aws_cognito_user_pool.users.id
  group_name   = aws_cognito_user_group.group[each.value.group].name
  username     = aws_cognito_user.first[each.value.email].username
}

resource "aws_cognito_identity_pool" "uploaders" {
  count = local.uploads_enabled ? 1 : 0

  identity_pool_name = var.name

  # The classic flow would let a client choose its role and skip Cognito's own narrowing of the session.
  allow_classic_flow               = false
  allow_unauthenticated_identities = false

  tags = var.tags

  cognito_identity_providers {
    client_id               = aws_cognito_user_pool_client.app.id
    provider_name           = aws_cognito_user_pool.users.endpoint
    server_side_token_check = true
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

  name               = "${var.name}-uploader"
  assume_role_policy = data.aws_iam_policy_document.uploader_trust[0].json

  tags = var.tags
}

data "aws_iam_policy_document" "uploader" {
  count = local.uploads_enabled ? 1 : 0

  statement {
    sid       = "WriteOwnPrefix"
    actions   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.content.arn}/${var.uploads.prefix}/$${cognito-identity.amazonaws.com:sub}/*"]
  }

  dynamic "statement" {
    for_each = var.uploads.read_enabled ? [true] : []

    content {
      sid       = "ReadOwnPrefix"
      actions   = ["s3:GetObject"]
      resources = ["${aws_s3_bucket.content.arn}/${var.uploads.prefix}/$${cognito-identity.amazonaws.com:sub}/*"]
    }
  }

  dynamic "statement" {
    for_each = var.uploads.read_enabled ? [true] : []

    content {
      sid       = "ListOwnPrefix"
      actions   = ["s3:ListBucket"]
      resources = [aws_s3_bucket.content.arn]

      condition {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = ["${var.uploads.prefix}/$${cognito-identity.amazonaws.com:sub}/*"]
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
}
