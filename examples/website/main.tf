# A static website, and a login in front of all of it.

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

  # The login, and docs/ for docs/index.html
  sign_in   = {}
  site_mode = "website"

  # Who may sign in. Cognito mails the first password.
  users = { (var.first_user) = {} }

  # Signing out is a form that ends at the login page, hence form-action.
  content_security_policy = "default-src 'self'; base-uri 'none'; form-action 'self' ${module.content.login_url}; frame-ancestors 'none'"
  bucket_force_destroy    = true

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
    svg  = "image/svg+xml"
  }
}

resource "aws_s3_object" "file" {
  for_each = fileset("${path.module}/site", "**")

  bucket       = module.content.bucket_name
  key          = each.key
  source       = "${path.module}/site/${each.key}"
  source_hash  = filemd5("${path.module}/site/${each.key}")
  content_type = local.content_types[reverse(split(".", each.key))[0]]
  # No browser keeps a page, so that the back button shows none after signing out.
  cache_control = endswith(each.key, ".html") ? "no-store" : "no-cache"
}
