# One root for every stage: what differs is in dev.tfvars, stage.tfvars and prod.tfvars.

provider "aws" {
  region = var.region

  default_tags {
    tags = { stage = var.stage }
  }
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"

  default_tags {
    tags = { stage = var.stage }
  }
}

module "content" {
  # git::https://github.com/OWNER/terraform-aws-cloudfront-signed-cookies.git?ref=v0.1.0
  source = "../../"

  # The name keeps the stages apart: their functions, keys, users and buckets have nothing in common.
  name = "photos-${var.stage}"

  alarm_actions                         = var.alarm_actions
  aliases                               = var.aliases
  auth_flows                            = var.auth_flows
  bucket_force_destroy                  = var.disposable
  certificate_arn                       = var.certificate_arn
  cookie_ttl_minutes                    = var.cookie_ttl_minutes
  log_retention_days                    = var.log_retention_days
  mfa                                   = var.mfa
  price_class                           = var.price_class
  rotation                              = var.rotation
  user_pool_deletion_protection_enabled = !var.disposable
  versioning                            = { enabled = !var.disposable }

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}
