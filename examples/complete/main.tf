# A photo gallery: a public page, private photos, people in groups, and a folder of one's own for uploads.

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
  tags = { application = "gallery" }

  # Who may sign in
  groups = {
    editors = { description = "Choose the photos", precedence = 1 }
    viewers = { description = "Look at them", precedence = 2 }
  }
  users = {
    # Without an invitation: whoever runs this example sets the password, so that none is ever in the state.
    "grace@example.com" = { groups = ["editors", "viewers"], invitation_enabled = false }
  }
  login_domain                 = var.login_domain
  login_domain_certificate_arn = var.login_domain_certificate_arn
  callback_urls                = ["/gallery/index.html"]
  sign_out_urls                = ["/gallery/index.html"]

  # Whoever opens a photo without cookies signs in and comes back to it; the gallery's own script keeps working beside it.
  sign_in = {}

  # For curl and for apps with a sign-in form of their own; the gallery itself needs the login page only.
  auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]

  # Content
  bucket_force_destroy    = true
  content_security_policy = "default-src 'none'; base-uri 'none'; connect-src 'self' ${module.content.login_url}; form-action 'none'; frame-ancestors 'none'; img-src 'self'; script-src 'self'; style-src 'self'"
  public_paths            = ["gallery/*"]
  uploads                 = { groups = ["editors"], read_enabled = true, abandoned_after_days = 0 }

  # A page on a developer's machine may upload, and read what /cookie/ answers. Browsers keep no cookies for it, because
  # they are SameSite=Lax: docs/client.md tells how to develop all the same.
  allowed_origins = ["http://localhost:5173"]

  # Cookies and keys
  accepted_tokens    = ["access", "id"]
  cookie_ttl_minutes = 30
  rotation           = { interval_days = 7, propagation_minutes = var.propagation_minutes }

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

locals {
  content_types = {
    css  = "text/css; charset=utf-8"
    html = "text/html; charset=utf-8"
    js   = "text/javascript; charset=utf-8"
    json = "application/json"
    svg  = "image/svg+xml"
  }

  files = concat(
    [for file in fileset(path.module, "gallery/*") : file],
    [for file in fileset(path.module, "photos/*") : file],
  )
}

resource "aws_s3_object" "file" {
  for_each = toset(local.files)

  bucket        = module.content.bucket_name
  key           = each.key
  source        = "${path.module}/${each.key}"
  source_hash   = filemd5("${path.module}/${each.key}")
  cache_control = "max-age=60"
  content_type  = local.content_types[reverse(split(".", each.key))[0]]
}

# What the page must know of the stack. A file of its own, so that the page needs no templating and no inline script.
resource "aws_s3_object" "settings" {
  bucket        = module.content.bucket_name
  key           = "gallery/settings.json"
  content       = jsonencode({ clientId = module.content.user_pool_client_id, loginUrl = module.content.login_url })
  cache_control = "no-cache"
  content_type  = local.content_types.json
}
