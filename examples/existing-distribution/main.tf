# Private content behind the distribution that you have. The module makes none; it hands out origins, behaviours and error
# pages, and distribution.tf puts them beside your own.

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

  # Yours, made of this module's parts. Terraform sees no circle in that: the parts do not depend on it.
  distribution = {
    arn   = aws_cloudfront_distribution.company.arn
    hosts = [aws_cloudfront_distribution.company.domain_name]
  }

  sign_in      = {}
  public_paths = ["press/*"]

  bucket_force_destroy = true

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

resource "aws_s3_object" "page" {
  for_each = { "index.html" = "For the staff", "press/index.html" = "For everybody" }

  bucket        = module.content.bucket_name
  key           = each.key
  content       = "<!doctype html><html lang=en><title>${each.value}</title><h1>${each.value}</h1></html>"
  content_type  = "text/html; charset=utf-8"
  cache_control = "no-store"
}
