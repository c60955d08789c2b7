# An intranet: staff reads everything but finance, the press reads its folder, everybody has a folder of one's own, and
# programs read reports with a token.

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

  name = "intranet"

  groups = {
    finance = { description = "The books" }
    robots  = { description = "Programs that read reports" }
    staff   = { description = "Everybody who works here" }
  }

  access_rules = [
    # Closed to staff: a signing key of its own. Who is in both groups sees both.
    { paths = ["/finance/*"], groups = ["finance"], exclusive = true },

    # Open to staff as well, which has everything.
    { paths = ["/users/{sub}/*"], overlap_allowed = true },
    { paths = ["/press/*"], email_domains = ["agency.example"], overlap_allowed = true },
    { paths = ["/api/*"], groups = ["robots"], overlap_allowed = true },

    { paths = ["/*"], groups = ["staff"] },
  ]

  # With Authorization: Bearer <token> instead of cookies, and by the same rules.
  bearer_paths = ["api/*"]

  # GET /cookie/url?path=/press/release.txt, for somebody who cannot sign in.
  signed_urls = { longest_minutes = 15 }

  # Rules on e-mail addresses need the ID token, where an app exchanges it.
  accepted_tokens    = ["access", "id"]
  cookie_ttl_minutes = 30
  rotation           = { interval_days = 7, propagation_minutes = var.propagation_minutes }
  sign_in            = {}

  # For curl and for programs.
  auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]

  bucket_force_destroy = true

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}

resource "aws_s3_object" "file" {
  for_each = fileset("${path.module}/content", "**")

  bucket       = module.content.bucket_name
  key          = each.key
  source       = "${path.module}/content/${each.key}"
  source_hash  = filemd5("${path.module}/content/${each.key}")
  content_type = endswith(each.key, ".json") ? "application/json" : "text/plain; charset=utf-8"
}
