# Who may sign in.

mock_provider "aws" {
  source          = "./test/terraform/mocks/content"
  override_during = plan
}

mock_provider "aws" {
  alias           = "us_east_1"
  source          = "./test/terraform/mocks/home"
  override_during = plan
}

variables {
  name = "photos"
}

run "creates_a_closed_user_pool_by_default" {
  command = plan

  assert {
    condition     = aws_cognito_user_pool.users[0].admin_create_user_config[0].allow_admin_create_user_only
    error_message = "Sign-up is for administrators."
  }

  assert {
    condition     = [for policy in aws_cognito_user_pool.users[0].password_policy : "${policy.minimum_length} ${policy.require_lowercase} ${policy.require_numbers} ${policy.require_symbols} ${policy.require_uppercase} ${policy.temporary_password_validity_days}"] == ["12 true true true true 7"]
    error_message = "Twelve characters of every kind."
  }

  assert {
    condition     = aws_cognito_user_pool.users[0].mfa_configuration == "OFF" && length(aws_cognito_user_pool.users[0].software_token_mfa_configuration) == 0
    error_message = "No second factor unless asked."
  }

  assert {
    condition     = aws_cognito_user_pool.users[0].deletion_protection == "INACTIVE"
    error_message = "Destroying works in one go."
  }

  assert {
    condition     = aws_cognito_user_pool.users[0].account_recovery_setting[0].recovery_mechanism == toset([{ name = "verified_email", priority = 1 }])
    error_message = "Recovery is by e-mail."
  }

  assert {
    condition     = !aws_cognito_user_pool_client.app[0].generate_secret
    error_message = "Apps cannot keep a secret."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].allowed_oauth_flows == toset(["code"])
    error_message = "The implicit flow is off."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].explicit_auth_flows == toset(["ALLOW_REFRESH_TOKEN_AUTH"])
    error_message = "Refreshing is the only other flow."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].enable_token_revocation && aws_cognito_user_pool_client.app[0].prevent_user_existence_errors == "ENABLED"
    error_message = "Tokens can be revoked and nobody learns who has an account."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].callback_urls == toset(["https://d111111abcdef8.cloudfront.net/"])
    error_message = "A path is on the distribution."
  }

  assert {
    condition     = aws_cognito_user_pool_domain.login[0].domain == "photos-123456789012"
    error_message = "The login page has a prefix of name and account."
  }

  assert {
    condition     = output.login_url == "https://photos-123456789012.auth.eu-west-1.amazoncognito.com" && output.login_domain_target == null
    error_message = "The login page is Cognito's."
  }

  assert {
    condition     = length(aws_cognito_identity_pool.uploaders) == 0 && length(aws_iam_role.uploader) == 0 && output.identity_pool_id == null
    error_message = "No pool, no role."
  }
}

run "takes_every_option" {
  command = plan

  variables {
    auth_flows                            = ["ALLOW_USER_SRP_AUTH"]
    aliases                               = ["photos.example.com"]
    certificate_arn                       = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
    callback_urls                         = ["/gallery/index.html", "com.example.app://callback"]
    groups                                = { editors = { description = "Choose", precedence = 1 }, viewers = {} }
    login_domain                          = "login.example.com"
    login_domain_certificate_arn          = "arn:aws:acm:us-east-1:123456789012:certificate/def"
    mfa                                   = "ON"
    self_sign_up_enabled                  = true
    sign_out_urls                         = ["https://www.example.com/bye"]
    token_validity                        = { access_minutes = 10 }
    user_pool_deletion_protection_enabled = true
    users = {
      "ada@example.com"   = { groups = ["editors", "viewers"] }
      "grace@example.com" = { invitation_enabled = false }
    }
  }

  assert {
    condition     = !aws_cognito_user_pool.users[0].admin_create_user_config[0].allow_admin_create_user_only && aws_cognito_user_pool.users[0].deletion_protection == "ACTIVE"
    error_message = "Strangers may register, and the pool is protected."
  }

  assert {
    condition     = aws_cognito_user_pool.users[0].mfa_configuration == "ON" && aws_cognito_user_pool.users[0].software_token_mfa_configuration[0].enabled
    error_message = "The second factor is an authenticator app."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].explicit_auth_flows == toset(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"])
    error_message = "The flow is added."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].callback_urls == toset(["https://d111111abcdef8.cloudfront.net/gallery/index.html", "https://photos.example.com/gallery/index.html", "com.example.app://callback"])
    error_message = "A path counts on every host."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].logout_urls == toset(["https://www.example.com/bye"])
    error_message = "An address stays as it is."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].access_token_validity == 10 && aws_cognito_user_pool_client.app[0].refresh_token_validity == 30
    error_message = "What is not given keeps its default."
  }

  assert {
    condition     = aws_cognito_user_group.group["editors"].precedence == 1 && length(aws_cognito_user_group.group) == 2
    error_message = "Both groups are there."
  }

  assert {
    condition     = toset(keys(aws_cognito_user_in_group.membership)) == toset(["ada@example.com/editors", "ada@example.com/viewers"])
    error_message = "Ada is in both, Grace in none."
  }

  assert {
    condition     = aws_cognito_user.first["ada@example.com"].message_action == null && aws_cognito_user.first["grace@example.com"].message_action == "SUPPRESS"
    error_message = "Only Ada gets a mail."
  }

  assert {
    condition     = aws_cognito_user.first["ada@example.com"].password == null && aws_cognito_user.first["ada@example.com"].temporary_password == null
    error_message = "No password goes through Terraform."
  }

  assert {
    condition     = output.login_url == "https://login.example.com" && output.login_domain_target == "dlogin.cloudfront.net"
    error_message = "The login page has its own host."
  }
}

run "lets_users_write_under_their_own_prefix_only" {
  command = plan

  variables {
    uploads = {}
  }

  assert {
    condition     = !aws_cognito_identity_pool.uploaders[0].allow_unauthenticated_identities && !aws_cognito_identity_pool.uploaders[0].allow_classic_flow
    error_message = "Guests get no identity, clients no choice of role."
  }

  assert {
    condition     = aws_cognito_identity_pool.uploaders[0].cognito_identity_providers == toset([{ client_id = "1example23456789", provider_name = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123", server_side_token_check = true }])
    error_message = "Only this client's tokens count."
  }

  assert {
    condition     = [for condition in data.aws_iam_policy_document.uploader_trust[0].statement[0].condition : "${condition.variable} ${join(",", condition.values)}"] == ["cognito-identity.amazonaws.com:amr authenticated", "cognito-identity.amazonaws.com:aud eu-west-1:00000000-1111-2222-3333-444444444444"]
    error_message = "The role trusts this pool and signed-in users."
  }

  assert {
    condition     = length(data.aws_iam_policy_document.uploader[0].statement) == 1 && data.aws_iam_policy_document.uploader[0].statement[0].actions == toset(["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"])
    error_message = "Writing and deleting, nothing else."
  }

  assert {
    condition     = data.aws_iam_policy_document.uploader[0].statement[0].resources == toset(["arn:aws:s3:::photos-mock/uploads/$${cognito-identity.amazonaws.com:sub}/*"])
    error_message = "Only under the caller's own prefix."
  }

  assert {
    condition     = aws_cognito_identity_pool_roles_attachment.uploaders[0].roles == tomap({ authenticated = "arn:aws:iam::123456789012:role/mock" })
    error_message = "There is no role for guests."
  }
}

run "lets_some_groups_upload" {
  command = plan

  variables {
    groups       = { staff = { precedence = 1 }, guests = {} }
    access_rules = [{ paths = ["/*"], groups = ["staff", "guests"] }]
    uploads      = { groups = ["staff"] }
  }

  assert {
    condition     = aws_cognito_user_group.group["staff"].role_arn == output.upload_role_arn && aws_cognito_user_group.group["guests"].role_arn == null
    error_message = "The role comes with the group."
  }

  assert {
    condition     = [for mapping in aws_cognito_identity_pool_roles_attachment.uploaders[0].role_mapping : "${mapping.identity_provider} ${mapping.type} ${mapping.ambiguous_role_resolution}"] == ["cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123:1example23456789 Token Deny"]
    error_message = "Whose token names no role gets nothing."
  }
}

run "lets_everybody_upload_if_told_so" {
  command = plan

  variables {
    access_rules = [{ paths = ["/*"], email_domains = ["example.com"] }]
    uploads      = { everybody_allowed = true }
  }

  assert {
    condition     = length(aws_cognito_identity_pool_roles_attachment.uploaders[0].role_mapping) == 0
    error_message = "Every token is worth the one role."
  }
}

run "lets_everybody_upload_whom_a_rule_lets_in" {
  command = plan

  variables {
    groups       = { staff = {} }
    access_rules = [{ paths = ["/staff/*"], groups = ["staff"] }, { paths = ["/all/*"], scopes = ["openid"] }]
    uploads      = {}
  }

  assert {
    condition     = length(aws_cognito_identity_pool_roles_attachment.uploaders[0].role_mapping) == 0
    error_message = "Somebody of the pool is nobody who is kept out."
  }
}

run "lets_users_read_their_own_prefix_if_asked" {
  command = plan

  variables {
    uploads = { prefix = "people", read_enabled = true }
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.uploader[0].statement : statement.sid] == ["WriteOwnPrefix", "ReadOwnPrefix", "ListOwnPrefix"]
    error_message = "Reading and listing are added."
  }

  assert {
    condition     = data.aws_iam_policy_document.uploader[0].statement[1].resources == toset(["arn:aws:s3:::photos-mock/people/$${cognito-identity.amazonaws.com:sub}/*"])
    error_message = "Reading is limited like writing."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.uploader[0].statement[2].condition).values == tolist(["people/$${cognito-identity.amazonaws.com:sub}/*"]) && one(data.aws_iam_policy_document.uploader[0].statement[2].condition).variable == "s3:prefix"
    error_message = "Listing is limited by the prefix."
  }
}

run "accepts_as_many_addresses_as_an_app_client_takes" {
  command = plan

  variables {
    aliases         = ["a.example.com", "b.example.com"]
    callback_urls   = [for number in range(50) : "/p${number}"]
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    cookie_scope    = { domain = "example.com" }
  }

  assert {
    condition     = length(aws_cognito_user_pool_client.app[0].callback_urls) == 100
    error_message = "Each path on each host."
  }
}
