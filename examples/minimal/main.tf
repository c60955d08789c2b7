provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

module "content" {
  # git::https://github.com/OWNER/terraform-aws-cloudfront-signed-cookies.git?ref=v0.1.0
  source = "../../"

  name = "photos"

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }
}
