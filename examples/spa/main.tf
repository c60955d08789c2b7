# A single-page app behind a login: its pages, its photos, and uploads into a folder of one's own.

provider "aws" {
  region = var.region
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

module "content" {
  # git::https://github.com/OWNER/terraform-aws-cloudfront-signed-cookies.git?ref=v0.1.0
  source = "../../"

  name = var.name

  # The login. The app needs the ID token for uploads, so it may read it: see "What that costs" in README.md.
  sign_in = { token_cookies = "amplify" }

  # /photos/4711 is an address of the app, not a file.
  site_mode = "spa"

  # Everybody below a prefix of one's own, which the app also lists.
  uploads = { read_enabled = true }

  # Who may sign in. Cognito mails the first password.
  users = { (var.first_user) = {} }

  # Only the app's own scripts, because scripts can read the tokens; and nowhere to send them but to where they belong.
  content_security_policy = join("; ", [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self' ${local.bucket_url} ${local.identity_url}",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "img-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
  ])
  bucket_force_destroy = true

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

locals {
  bucket_url   = "https://${module.content.bucket_name}.s3.${var.region}.amazonaws.com"
  identity_url = "https://cognito-identity.${var.region}.amazonaws.com"
}

# What the app must know of the stack. An object beside it, so that one build fits every stack.
resource "aws_s3_object" "config" {
  bucket        = module.content.bucket_name
  key           = "config.json"
  cache_control = "no-cache"
  content_type  = "application/json"
  content = jsonencode({
    bucketUrl      = local.bucket_url
    clientId       = module.content.user_pool_client_id
    identityPoolId = module.content.identity_pool_id
    identityUrl    = local.identity_url
    loginProvider  = trimprefix(module.content.user_pool_issuer, "https://")
    region         = var.region
    uploadPrefix   = "uploads"
  })
}
