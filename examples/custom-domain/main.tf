# Host names of one's own: two of them, with certificate and DNS records. People may use either, and what they get there,
# cookies, policies and the way back from the login page, is for the host that they use. The zone is in what-you-have.tf.

provider "aws" {
  region = var.region
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

locals {
  hosts = [for name in var.host_names : "${name}.${var.domain}"]
}

module "content" {
  # git::https://github.com/OWNER/terraform-aws-cloudfront-signed-cookies.git?ref=v0.1.0
  source = "../../"

  name = var.name

  aliases         = local.hosts
  certificate_arn = aws_acm_certificate_validation.hosts.certificate_arn

  # The module makes the records that lead to the distribution.
  dns_zone = { id = aws_route53_zone.domain.zone_id }

  # One set of cookies for all hosts below the domain, by cookie_scope = { domain = "example.com" }: the people of one host
  # are those of the other then, without going there. Left null, each host has its own.
  cookie_scope = { domain = var.cookie_domain }

  sign_in = {}

  bucket_force_destroy = true

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

# CloudFront reads certificates in us-east-1 only.
resource "aws_acm_certificate" "hosts" {
  provider = aws.us_east_1

  domain_name               = local.hosts[0]
  subject_alternative_names = slice(local.hosts, 1, length(local.hosts))
  validation_method         = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

# ACM sees by these records that the names are yours.
resource "aws_route53_record" "validation" {
  for_each = { for option in aws_acm_certificate.hosts.domain_validation_options : option.domain_name => option }

  name    = each.value.resource_record_name
  records = [each.value.resource_record_value]
  ttl     = 300
  type    = each.value.resource_record_type
  zone_id = aws_route53_zone.domain.zone_id
}

resource "aws_acm_certificate_validation" "hosts" {
  provider = aws.us_east_1

  certificate_arn         = aws_acm_certificate.hosts.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_s3_object" "page" {
  bucket        = module.content.bucket_name
  key           = "index.html"
  content       = "<!doctype html><html lang=en><title>Photos</title><h1>Photos</h1></html>"
  content_type  = "text/html; charset=utf-8"
  cache_control = "no-store"
}
