# A login in front of private content, with the OpenID Connect provider that you have: Entra, Keycloak, Auth0, Google.

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

  oidc = {
    issuer    = var.issuer
    client_id = var.client_id
  }

  # README.md says what to change for which provider.
  sign_in = {
    scopes                = ["openid", "email", "profile", "offline_access"]
    client_authentication = "client_secret_basic"
  }

  bucket_force_destroy = true

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

resource "aws_s3_object" "page" {
  bucket        = module.content.bucket_name
  key           = "index.html"
  content       = "<!doctype html><html lang=en><title>Welcome</title><h1>Welcome</h1><p><a href=/cookie/sign-out>Sign out</a></p></html>"
  content_type  = "text/html; charset=utf-8"
  cache_control = "no-store"
}
