# The login in the browser, apart from the function and the pages: what it needs to know, and the secret of a client that
# has one.

locals {
  signs_in           = var.sign_in != null
  uses_client_secret = try(var.sign_in.client_authentication, "none") != "none"

  # Set by the sign-in itself, so neither a setting nor a link may set them.
  reserved_authorize_params = [
    "client_id", "client_secret", "code_challenge", "code_challenge_method", "nonce", "redirect_uri", "request",
    "request_uri", "response_mode", "response_type", "scope", "state",
  ]

  sign_in_callback_urls = local.signs_in ? [for host in local.hosts : "https://${host}/cookie/callback"] : []
  # The module's own page as well, wherever people end otherwise: the way to sign in as somebody else leads over it.
  sign_in_sign_out_urls = distinct(flatten([
    for url in flatten([for chosen in var.sign_in[*].sign_out_url : [chosen, "/.sign-in/signed-out.html"]]) :
    startswith(url, "/") ? [for host in local.hosts : "https://${host}${url}"] : [url]
  ]))

  # Where people sign in: Cognito's own addresses, or what the provider says of itself.
  cognito_endpoints = {
    clientId              = try(local.client_ids[0], null)
    authorizationEndpoint = "https://${coalesce(local.login_host, "-")}/oauth2/authorize"
    tokenEndpoint         = "https://${coalesce(local.login_host, "-")}/oauth2/token"
    revocationEndpoint    = "https://${coalesce(local.login_host, "-")}/oauth2/revoke"
    logoutEndpoint        = "https://${coalesce(local.login_host, "-")}/logout"
  }
  provider_endpoints = concat(
    [for provider in local.oidc : {
      clientId              = var.oidc.client_id
      authorizationEndpoint = provider.authorizationEndpoint
      tokenEndpoint         = provider.tokenEndpoint
      revocationEndpoint    = provider.revocationEndpoint
      logoutEndpoint        = provider.logoutEndpoint
    }],
    [local.cognito_endpoints],
  )[0]

  # How to ask for the account when somebody wants another one. Cognito's managed login hands select_account on to the
  # providers behind it, its classic page knows no prompt (Cognito Developer Guide, Authorize endpoint). Every OpenID
  # Connect provider has to know login (Core, section 3.1.2.1); Google knows select_account only (Google Identity,
  # OpenID Connect, Authentication URI parameters).
  account_prompt = (
    !local.uses_oidc ? "select_account" : coalesce(var.oidc.account_prompt, var.oidc.issuer == "https://accounts.google.com" ? "select_account" : "login")
  )

  # How long people stay signed in without coming back; null without sign_in.
  session_days = one([for settings in var.sign_in[*] : coalesce(settings.session_days, min(var.token_validity.refresh_days, 400))])

  # One element, or none without sign_in. What is null is left out.
  sign_in = [for settings in var.sign_in[*] : { for name, value in merge(local.provider_endpoints, {
    clientAuthentication = settings.client_authentication
    scopes               = sort(settings.scopes)
    authorizeParams      = settings.authorize_params
    viewerParams         = sort(settings.viewer_params)
    accountPrompt        = local.account_prompt
    signOutUrl           = settings.sign_out_url
    sessionSeconds       = local.session_days * 86400
    tokenCookies         = settings.token_cookies
    additionalCookies    = length(settings.additional_cookies) > 0 ? settings.additional_cookies : null
  }) : name => value if value != null }]
}

resource "terraform_data" "sign_in" {
  lifecycle {
    # These and not in var.sign_in, on which the distribution depends: an app client of one's own, in user_pool, is made
    # with the addresses of the distribution.
    precondition {
      condition     = var.sign_in == null || local.creates_client || try(tolist(var.sign_in.identity_providers) == tolist(["COGNITO"]), false)
      error_message = "sign_in.identity_providers must be left out with oidc and with user_pool.client_ids, because the app client decides, and that is yours; got ${try(join(", ", var.sign_in.identity_providers), "null")}."
    }

    precondition {
      condition     = var.sign_in == null || !local.creates_client || try(var.sign_in.client_authentication == "none", false)
      error_message = "sign_in.client_authentication must be none unless oidc or user_pool.client_ids is given, because the module's own app client has no secret; got ${try(coalesce(var.sign_in.client_authentication), "null")}."
    }

    precondition {
      condition     = try(var.sign_in.session_days, null) == null || !local.creates_client || try(var.sign_in.session_days <= var.token_validity.refresh_days, false)
      error_message = "sign_in.session_days must not exceed token_validity.refresh_days (${var.token_validity.refresh_days}), because the session lives by the refresh token; got ${try(coalesce(var.sign_in.session_days), "null")}."
    }

    # The keys that open sessions are part of the secret, which holds only so many of them.
    precondition {
      condition     = coalesce(local.session_days, 0) <= (local.sealing_key_limit - 1) * var.rotation.interval_days
      error_message = "sign_in.session_days, or token_validity.refresh_days where it is left out, must not exceed ${local.sealing_key_limit - 1} times rotation.interval_days (${var.rotation.interval_days}), because each rotation makes another key that seals sessions, and ${local.sealing_key_limit} of them are kept; got ${coalesce(local.session_days, 0)}. Set sign_in.session_days to at most ${(local.sealing_key_limit - 1) * var.rotation.interval_days}, or rotation.interval_days to at least ${ceil(coalesce(local.session_days, 0) / (local.sealing_key_limit - 1))}."
    }

    precondition {
      condition     = var.sign_in == null || var.user_pool == null || try(var.user_pool.login_host, null) != null
      error_message = "sign_in must come with user_pool.login_host when there is a user_pool, because people sign in at its login page; got user_pool ${try(var.user_pool.id, "null")} without one."
    }
  }
}

# Terraform makes the secret and never its value: that comes from the provider, and goes in by hand.
resource "aws_secretsmanager_secret" "client" {
  #checkov:skip=CKV_AWS_149:the AWS managed key unless kms_key_arns names another
  #checkov:skip=CKV2_AWS_57:the provider gives out this secret, so nobody else can rotate it
  count = local.uses_client_secret ? 1 : 0

  provider = aws.us_east_1

  name        = local.client_secret_name
  description = "Client secret with which ${var.name} signs people in; put in by hand, as plain text"
  kms_key_id  = var.kms_key_arns.secrets

  # Nothing to recover: the provider has it.
  recovery_window_in_days = 0

  tags = var.tags
}
