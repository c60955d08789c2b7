# A login in front of private content, with the user pool that you have. What you have is in what-you-have.tf.

provider "aws" {
  region = var.region
}

# Where the pool is, which need not be where the bucket is.
provider "aws" {
  alias  = "pool"
  region = coalesce(var.user_pool_region, var.region)
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

module "content" {
  # git::https://github.com/OWNER/terraform-aws-cloudfront-signed-cookies.git?ref=v0.1.0
  source = "../../"

  name = var.name

  # The first client signs people in; tokens of all of them count at the exchange.
  user_pool = {
    id         = aws_cognito_user_pool.company.id
    login_host = "${aws_cognito_user_pool_domain.company.domain}.auth.${coalesce(var.user_pool_region, var.region)}.amazoncognito.com"
    client_ids = [aws_cognito_user_pool_client.intranet.id]
  }

  sign_in = {}

  # Everybody of the company can sign in there; this is for some of them.
  access_rules = [{ paths = ["/*"], groups = [aws_cognito_user_group.staff.name] }]

  bucket_force_destroy = true

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

resource "aws_s3_object" "page" {
  bucket        = module.content.bucket_name
  key           = "index.html"
  content       = "<!doctype html><html lang=en><title>Staff</title><h1>For the staff</h1><p><a href=/cookie/sign-out>Sign out</a></p></html>"
  content_type  = "text/html; charset=utf-8"
  cache_control = "no-store"
}
