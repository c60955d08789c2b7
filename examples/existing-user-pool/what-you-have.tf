# A stand-in for what you have already, so that this example applies by itself. Put your own in its place, or their ids and
# names straight into main.tf.

resource "aws_cognito_user_pool" "company" {
  provider = aws.pool

  name                     = "${var.name}-company"
  auto_verified_attributes = ["email"]
  username_attributes      = ["email"]
}

resource "aws_cognito_user_pool_domain" "company" {
  provider = aws.pool

  domain       = "${var.name}-company-${data.aws_caller_identity.current.account_id}"
  user_pool_id = aws_cognito_user_pool.company.id
}

resource "aws_cognito_user_group" "staff" {
  provider = aws.pool

  name         = "staff"
  user_pool_id = aws_cognito_user_pool.company.id
}

resource "aws_cognito_user_pool_client" "intranet" {
  provider = aws.pool

  name         = "intranet"
  user_pool_id = aws_cognito_user_pool.company.id

  allowed_oauth_flows                  = ["code"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_scopes                 = ["email", "openid", "profile"]
  supported_identity_providers         = ["COGNITO"]

  # The only change to what you have: the client gets to know the way back. Your own addresses stay beside them.
  callback_urls = concat(["https://intranet.example.com/"], module.content.callback_urls_to_register)
  logout_urls   = concat(["https://intranet.example.com/"], module.content.sign_out_urls_to_register)
}

data "aws_caller_identity" "current" {}
