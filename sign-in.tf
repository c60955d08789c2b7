# The login in the browser, apart from the function: what it needs to know, the secret of a client that has one, and the
# static pages that people meet who come without cookies.

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

  # How to ask for the account when somebody wants another one. Cognito hands select_account on to the providers behind it
  # (Cognito Developer Guide, Authorize endpoint). Every OpenID Connect provider has to know login (Core, section
  # 3.1.2.1); Google knows select_account only (Google Identity, OpenID Connect, Authentication URI parameters).
  account_prompt = (
    !local.uses_oidc ? "select_account" : coalesce(var.oidc.account_prompt, var.oidc.issuer == "https://accounts.google.com" ? "select_account" : "login")
  )

  # One element, or none without sign_in. What is null is left out.
  sign_in = [for settings in var.sign_in[*] : { for name, value in merge(local.provider_endpoints, {
    clientAuthentication = settings.client_authentication
    scopes               = sort(settings.scopes)
    authorizeParams      = settings.authorize_params
    viewerParams         = sort(settings.viewer_params)
    accountPrompt        = local.account_prompt
    signOutUrl           = settings.sign_out_url
    sessionSeconds       = coalesce(settings.session_days, min(var.token_validity.refresh_days, 400)) * 86400
    tokenCookies         = settings.token_cookies
    additionalCookies    = length(settings.additional_cookies) > 0 ? settings.additional_cookies : null
  }) : name => value if value != null }]

  pages_folder = "${path.module}/dist/pages"
  pages_origin = "pages"
  pages        = local.signs_in ? fileset(local.pages_folder, "*") : []

  page_content_types = {
    css  = "text/css; charset=utf-8"
    html = "text/html; charset=utf-8"
    js   = "text/javascript; charset=utf-8"
    svg  = "image/svg+xml"
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

# A bucket of its own, because people mirror a folder into the content's and delete what is not in it.
resource "aws_s3_bucket" "pages" {
  #checkov:skip=CKV_AWS_18:public pages of the module; CloudFront serves every reader and can log them
  #checkov:skip=CKV_AWS_21:Terraform has every version
  #checkov:skip=CKV_AWS_144:Terraform can make it again anywhere
  #checkov:skip=CKV_AWS_145:S3's own key; the pages are public
  #checkov:skip=CKV2_AWS_61:Terraform removes what it does not need
  #checkov:skip=CKV2_AWS_62:nothing here waits for an upload
  count = local.signs_in ? 1 : 0

  bucket        = "${local.signer_name}-pages"
  force_destroy = true

  tags = var.tags
}

resource "aws_s3_bucket_public_access_block" "pages" {
  count = local.signs_in ? 1 : 0

  bucket = aws_s3_bucket.pages[0].id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "pages" {
  count = local.signs_in ? 1 : 0

  bucket = aws_s3_bucket.pages[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }

  # S3 refuses two of a bucket's settings at a time ("a conditional operation is currently in progress").
  depends_on = [aws_s3_bucket_public_access_block.pages]
}

resource "aws_s3_bucket_server_side_encryption_configuration" "pages" {
  count = local.signs_in ? 1 : 0

  bucket = aws_s3_bucket.pages[0].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

data "aws_iam_policy_document" "pages" {
  count = local.signs_in ? 1 : 0

  # With the list, a page that is not there is a 404; without, S3 says 403, and the answer would be the page for 403.
  statement {
    sid       = "DistributionReadsPages"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [aws_s3_bucket.pages[0].arn, "${aws_s3_bucket.pages[0].arn}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [local.distribution_arn]
    }
  }

  statement {
    sid       = "RefusePlainHttp"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.pages[0].arn, "${aws_s3_bucket.pages[0].arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "pages" {
  count = local.signs_in ? 1 : 0

  bucket = aws_s3_bucket.pages[0].id
  policy = data.aws_iam_policy_document.pages[0].json

  depends_on = [aws_s3_bucket_ownership_controls.pages]
}

resource "aws_s3_object" "page" {
  for_each = local.pages

  bucket       = aws_s3_bucket.pages[0].id
  key          = ".sign-in/${each.key}"
  source       = "${local.pages_folder}/${each.key}"
  source_hash  = filemd5("${local.pages_folder}/${each.key}")
  content_type = local.page_content_types[reverse(split(".", each.key))[0]]

  # A page tells how things stand right now: shown again by the back button it would mislead.
  cache_control = endswith(each.key, ".html") ? "no-store" : "max-age=300"

  tags = var.tags
}
