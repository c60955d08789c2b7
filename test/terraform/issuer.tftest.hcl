# Whose tokens count, when it is not the module's own user pool.

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

run "takes_tokens_of_a_pool_and_clients_that_are_there" {
  command = plan

  variables {
    user_pool = { id = "us-west-2_XyZ789", client_ids = ["app", "api"] }
  }

  assert {
    condition     = length(aws_cognito_user_pool.users) == 0 && length(aws_cognito_user_pool_domain.login) == 0 && length(aws_cognito_user_group.group) == 0 && length(aws_cognito_user.first) == 0 && length(aws_cognito_user_pool_client.app) == 0
    error_message = "Nothing of Cognito is made."
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value) == { version = 1, hosts = ["d111111abcdef8.cloudfront.net"], userPool = { id = "us-west-2_XyZ789", clientIds = ["app", "api"], tokenUses = ["access"] }, grants = [{ paths = ["/*"] }], cookies = { lifetimeSeconds = 3600, sameSite = "Lax", hashAlgorithm = "SHA1", bindToIp = false }, cors = { allowedOrigins = [] }, cache = { freshSeconds = 300, staleSeconds = 3600 } }
    error_message = "The document names the pool and its clients."
  }

  assert {
    condition     = output.user_pool_id == "us-west-2_XyZ789" && output.user_pool_client_id == "app" && output.user_pool_issuer == "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_XyZ789" && output.login_url == null && output.login_domain_target == null
    error_message = "The outputs name them too."
  }
}

run "signs_people_in_at_that_pool" {
  command = plan

  variables {
    sign_in   = { client_authentication = "client_secret_basic", any_federated_user_allowed = true }
    user_pool = { id = "us-west-2_XyZ789", client_ids = ["app", "api"], login_host = "login.example.com" }
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).signIn == { clientId = "app", clientAuthentication = "client_secret_basic", authorizationEndpoint = "https://login.example.com/oauth2/authorize", tokenEndpoint = "https://login.example.com/oauth2/token", revocationEndpoint = "https://login.example.com/oauth2/revoke", logoutEndpoint = "https://login.example.com/logout", scopes = ["email", "openid", "profile"], authorizeParams = {}, viewerParams = [], accountPrompt = "select_account", signOutUrl = "/.sign-in/signed-out.html", sessionSeconds = 2592000 }
    error_message = "The first client signs people in."
  }

  assert {
    condition     = aws_secretsmanager_secret.client[0].name == "photos-signer-qwertyui/client-secret" && output.client_secret_arn == "arn:aws:secretsmanager:us-east-1:123456789012:secret:mock-AbCdEf"
    error_message = "Its secret has a place."
  }

  assert {
    condition     = data.aws_iam_policy_document.signer.statement[0].resources == toset(["arn:aws:ssm:us-east-1:123456789012:parameter/photos-signer-qwertyui/configuration", "arn:aws:ssm:us-east-1:123456789012:parameter/aws/reference/secretsmanager/photos-signer-qwertyui/signing-key", "arn:aws:ssm:us-east-1:123456789012:parameter/aws/reference/secretsmanager/photos-signer-qwertyui/signing-key-*", "arn:aws:ssm:us-east-1:123456789012:parameter/aws/reference/secretsmanager/photos-signer-qwertyui/client-secret"])
    error_message = "The function may read it."
  }

  assert {
    condition     = output.login_url == "https://login.example.com"
    error_message = "The login page is that pool's."
  }
}

run "makes_an_app_client_in_a_pool_that_has_none" {
  command = plan

  variables {
    sign_in   = {}
    user_pool = { id = "eu-west-1_XyZ789", login_host = "login.example.com" }
    uploads   = {}
  }

  assert {
    condition     = length(aws_cognito_user_pool.users) == 0 && length(aws_cognito_user_pool_domain.login) == 0 && length(aws_cognito_user_group.group) == 0 && length(aws_cognito_user.first) == 0 && aws_cognito_user_pool_client.app[0].user_pool_id == "eu-west-1_XyZ789"
    error_message = "The client is all that is made."
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).userPool == { id = "eu-west-1_XyZ789", clientIds = ["1example23456789"], tokenUses = ["access"] } && jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).signIn.clientId == "1example23456789"
    error_message = "Its tokens count."
  }

  assert {
    condition     = aws_cognito_identity_pool.uploaders[0].cognito_identity_providers == toset([{ client_id = "1example23456789", provider_name = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_XyZ789", server_side_token_check = true }])
    error_message = "They upload too."
  }
}

run "takes_tokens_of_any_provider" {
  command = plan

  variables {
    oidc = { issuer = "https://idp.example.com", client_id = "photos", audiences = ["api", "photos"] }
  }

  assert {
    condition     = length(aws_cognito_user_pool.users) == 0 && length(aws_cognito_user_pool_domain.login) == 0 && length(aws_cognito_user_group.group) == 0 && length(aws_cognito_user.first) == 0 && length(aws_cognito_user_pool_client.app) == 0
    error_message = "Nothing of Cognito is made."
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value) == { version = 1, hosts = ["d111111abcdef8.cloudfront.net"], oidc = { issuer = "https://idp.example.com", jwksUri = "https://idp.example.com/jwks", audiences = ["photos", "api"], groupsClaim = "groups", namesItself = true }, grants = [{ paths = ["/*"] }], cookies = { lifetimeSeconds = 3600, sameSite = "Lax", hashAlgorithm = "SHA1", bindToIp = false }, cors = { allowedOrigins = [] }, cache = { freshSeconds = 300, staleSeconds = 3600 } }
    error_message = "The document names the issuer and where its keys are."
  }

  assert {
    condition     = jsondecode(aws_lambda_invocation.discovery[0].input) == { task = "discover-issuer", issuer = "https://idp.example.com" } && aws_lambda_invocation.discovery[0].triggers == tomap({ code = filebase64sha256("dist/key-rotator.zip"), issuer = "https://idp.example.com" })
    error_message = "The provider is asked on apply, and again when issuer or code changes."
  }

  assert {
    condition     = output.user_pool_id == null && output.user_pool_client_id == null && output.user_pool_issuer == null && output.login_url == null && output.login_domain_target == null
    error_message = "There is no user pool."
  }
}

run "lets_people_of_a_domain_at_google_in" {
  command = plan

  variables {
    oidc         = { issuer = "https://accounts.google.com", client_id = "photos" }
    sign_in      = {}
    access_rules = [{ paths = ["/*"], email_domains = ["example.com"] }]
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).signIn.accountPrompt == "select_account"
    error_message = "Google does not know login."
  }

  assert {
    condition     = local.rules_name_people
    error_message = "The rule says who."
  }
}

run "asks_for_the_account_as_it_is_told" {
  command = plan

  variables {
    oidc    = { issuer = "https://idp.example.com", client_id = "photos", account_prompt = "select_account" }
    sign_in = {}
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).signIn.accountPrompt == "select_account"
    error_message = "The provider's own way counts."
  }
}

run "signs_people_in_at_any_provider" {
  command = plan

  variables {
    oidc    = { issuer = "https://idp.example.com", client_id = "photos", groups_claim = "roles" }
    sign_in = { client_authentication = "client_secret_post", scopes = ["openid", "email", "offline_access"] }
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).oidc == { issuer = "https://idp.example.com", jwksUri = "https://idp.example.com/jwks", audiences = ["photos"], groupsClaim = "roles", namesItself = true }
    error_message = "Groups are in a claim of the provider's choice."
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).signIn == { clientId = "photos", clientAuthentication = "client_secret_post", authorizationEndpoint = "https://idp.example.com/auth", tokenEndpoint = "https://idp.example.com/token", logoutEndpoint = "https://idp.example.com/end", scopes = ["email", "offline_access", "openid"], authorizeParams = {}, viewerParams = [], accountPrompt = "login", signOutUrl = "/.sign-in/signed-out.html", sessionSeconds = 2592000 }
    error_message = "What the provider does not have is absent."
  }

  assert {
    condition     = length(aws_secretsmanager_secret.client) == 1 && output.callback_urls_to_register == tolist(["https://d111111abcdef8.cloudfront.net/cookie/callback"])
    error_message = "What the provider has to know, and where its secret goes."
  }
}

run "lets_everybody_at_google_in_if_told_so" {
  command = plan

  variables {
    oidc    = { issuer = "https://accounts.google.com", client_id = "photos" }
    sign_in = { any_federated_user_allowed = true }
  }

  assert {
    condition     = length(aws_lambda_invocation.discovery) == 1
    error_message = "It is a decision."
  }
}
