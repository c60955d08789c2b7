# Who may sign in: a user pool of Cognito with its login page, made here or brought along. With var.oidc there is none of
# it, see oidc.tf.
#
# The pool must not depend on var.sign_in or var.access_rules: callers put there the names of identity providers and
# groups that they made in this very pool.

locals {
  uses_oidc         = var.oidc != null
  creates_user_pool = !local.uses_oidc && var.user_pool == null

  # By lengths alone, because ids that are made in the same apply are not known when this is decided. No try here: it
  # knows nothing of a value of which it does not know all.
  creates_client = !local.uses_oidc && alltrue([for pool in var.user_pool[*] : length(pool.client_ids) == 0])

  user_pool_id       = local.creates_user_pool ? one(aws_cognito_user_pool.users[*].id) : try(var.user_pool.id, null)
  user_pool_endpoint = local.creates_user_pool ? one(aws_cognito_user_pool.users[*].endpoint) : local.given_pool_endpoint
  client_ids         = local.creates_client ? aws_cognito_user_pool_client.app[*].id : flatten(var.user_pool[*].client_ids)

  # What only a pool of the module's own has. Given together with another issuer it would be dropped silently.
  own_pool_settings = compact([
    var.self_sign_up_enabled ? "self_sign_up_enabled" : "",
    var.mfa != "OFF" ? "mfa" : "",
    var.user_pool_deletion_protection_enabled ? "user_pool_deletion_protection_enabled" : "",
    length(var.groups) > 0 ? "groups" : "",
    length(var.users) > 0 ? "users" : "",
    var.login_domain != null ? "login_domain" : "",
    var.login_domain_certificate_arn != null ? "login_domain_certificate_arn" : "",
  ])

  # What only an app client of the module's own has.
  own_client_settings = compact([
    var.callback_urls != tolist(["/"]) ? "callback_urls" : "",
    var.sign_out_urls != tolist(["/"]) ? "sign_out_urls" : "",
    length(var.auth_flows) > 0 ? "auth_flows" : "",
    var.token_validity != { access_minutes = 60, id_minutes = 60, refresh_days = 30 } ? "token_validity" : "",
    try(var.sign_in.refresh_token_rotation_enabled, true) ? "" : "sign_in.refresh_token_rotation_enabled",
    local.uses_oidc && var.accepted_tokens != toset(["access"]) ? "accepted_tokens" : "",
  ])

  # The id of a pool begins with its region, which need not be this one.
  given_pool_region   = one([for pool in var.user_pool[*] : split("_", pool.id)[0]])
  given_pool_endpoint = one([for pool in var.user_pool[*] : "cognito-idp.${split("_", pool.id)[0]}.${data.aws_partition.current.dns_suffix}/${pool.id}"])

  login_prefix       = coalesce(var.login_domain, "${var.name}-${local.account_id}")
  has_own_login_host = strcontains(local.login_prefix, ".")
  own_login_host     = local.has_own_login_host ? local.login_prefix : "${local.login_prefix}.auth.${data.aws_region.current.id}.amazoncognito.com"
  login_host         = local.creates_user_pool ? local.own_login_host : try(var.user_pool.login_host, null)

  # A path counts on every host; the sign-in's own addresses are added by themselves.
  callback_urls = distinct(concat(
    flatten([for url in var.callback_urls : startswith(url, "/") ? [for host in local.hosts : "https://${host}${url}"] : [url]]),
    local.sign_in_callback_urls,
  ))
  sign_out_urls = distinct(concat(
    flatten([for url in var.sign_out_urls : startswith(url, "/") ? [for host in local.hosts : "https://${host}${url}"] : [url]]),
    local.sign_in_sign_out_urls,
  ))

  # Without rotation a refresh token is good until it expires, whoever has got hold of it. Cognito does not take rotation
  # together with ALLOW_REFRESH_TOKEN_AUTH, and puts that in where no flow is named at all (API Reference,
  # CreateUserPoolClient); the one that stands in needs an administrator's AWS credentials.
  rotates_refresh_tokens = try(var.sign_in.refresh_token_rotation_enabled, false)
  own_auth_flows         = local.rotates_refresh_tokens ? ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] : ["ALLOW_REFRESH_TOKEN_AUTH"]
  auth_flows = (
    local.rotates_refresh_tokens && length(var.auth_flows) > 0
    ? var.auth_flows
    : setunion(local.own_auth_flows, var.auth_flows)
  )

  memberships = merge([for email, user in var.users : { for group in user.groups : "${email}/${group}" => { email = email, group = group } }]...)
}

resource "aws_cognito_user_pool" "users" {
  count = local.creates_user_pool ? 1 : 0

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
  count = local.creates_client ? 1 : 0

  name         = var.name
  user_pool_id = local.user_pool_id

  # A browser or a phone cannot keep a secret: the app proves itself by PKCE (RFC 7636).
  generate_secret = false

  allowed_oauth_flows                  = ["code"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_scopes                 = try(var.sign_in.scopes, ["email", "openid", "profile"])
  callback_urls                        = local.callback_urls
  enable_token_revocation              = true
  explicit_auth_flows                  = local.auth_flows
  logout_urls                          = local.sign_out_urls
  prevent_user_existence_errors        = "ENABLED"
  supported_identity_providers         = try(var.sign_in.identity_providers, ["COGNITO"])

  access_token_validity  = var.token_validity.access_minutes
  id_token_validity      = var.token_validity.id_minutes
  refresh_token_validity = var.token_validity.refresh_days

  # Always there, with both values: once it has been on, Cognito reports it as disabled with 0 seconds, and the provider
  # takes an absent block or an absent number for a mistake (provider issues 43531 and 45646). Within the minute of
  # grace a request that was cut off, or a second tab, can come again with the old token.
  refresh_token_rotation {
    feature                    = local.rotates_refresh_tokens ? "ENABLED" : "DISABLED"
    retry_grace_period_seconds = local.rotates_refresh_tokens ? 60 : 0
  }

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }

  lifecycle {
    precondition {
      condition     = var.user_pool == null || local.given_pool_region == data.aws_region.current.id
      error_message = "user_pool.client_ids must be given for a pool in another region, because the module can make an app client only in its own (${data.aws_region.current.id}); got ${coalesce(local.given_pool_region, "null")}."
    }

    # Amazon Cognito Developer Guide, Quotas: callback and logout URLs of an app client.
    precondition {
      condition     = length(local.callback_urls) <= 100 && length(local.sign_out_urls) <= 100
      error_message = "callback_urls and sign_out_urls must not come to more than 100 addresses each, counting every path once a host; got ${length(local.callback_urls)} and ${length(local.sign_out_urls)}."
    }
  }
}

resource "terraform_data" "given_app_client" {
  lifecycle {
    # What would be dropped silently. Here and not in the variables, whose values callers may have made with outputs of this
    # module.
    precondition {
      condition     = local.creates_client || length(local.own_client_settings) == 0
      error_message = "callback_urls and what else shapes an app client must be left out with oidc and with user_pool.client_ids, because that client is yours: remove ${join(", ", local.own_client_settings)}, and set the like at your provider; how long sessions last, sign_in.session_days says."
    }

    # The client need not be in this account, so that Terraform could not look at it in general.
    precondition {
      condition     = var.sign_in == null || local.creates_client || local.uses_oidc || local.rules_name_people || try(var.sign_in.any_federated_user_allowed, false)
      error_message = "user_pool.client_ids must not let everybody in who has an account at Google or the like, and the module cannot see which identity providers an app client of yours takes: give each of access_rules groups, emails, email_domains or claims, or set sign_in.any_federated_user_allowed = true if everybody who can sign in there may come; got ${length(var.access_rules)} access_rules."
    }
  }
}

resource "aws_cognito_user_pool_domain" "login" {
  count = local.creates_user_pool ? 1 : 0

  domain          = local.login_prefix
  certificate_arn = var.login_domain_certificate_arn
  user_pool_id    = aws_cognito_user_pool.users[0].id

  # Without managed_login_version it is the classic page; the newer one needs a branding, which no 5.x provider can make.

  lifecycle {
    # Cognito Developer Guide, Using the Amazon Cognito domain. Here and not in var.login_domain, because a pool of
    # yours has its own login page, whatever the name of the stack.
    precondition {
      condition     = local.has_own_login_host || !can(regex("aws|amazon|cognito", local.login_prefix))
      error_message = "login_domain must not contain aws, amazon or cognito when it is a prefix, because Cognito refuses these words${var.login_domain == null ? ", and without login_domain the prefix is made of name: set login_domain to a prefix without them" : ""}; got ${local.login_prefix}."
    }
  }
}

resource "aws_cognito_user_group" "group" {
  for_each = var.groups

  name         = each.key
  description  = each.value.description
  precedence   = each.value.precedence
  role_arn     = contains(try(var.uploads.groups, []), each.key) ? one(aws_iam_role.uploader[*].arn) : null
  user_pool_id = aws_cognito_user_pool.users[0].id
}

resource "aws_cognito_user" "first" {
  for_each = var.users

  user_pool_id = aws_cognito_user_pool.users[0].id
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

  user_pool_id = aws_cognito_user_pool.users[0].id
  group_name   = aws_cognito_user_group.group[each.value.group].name
  username     = aws_cognito_user.first[each.value.email].username
}
