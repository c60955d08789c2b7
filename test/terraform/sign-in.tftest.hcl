# The login in the browser.

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

run "makes_nothing_of_it_unless_asked" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket.pages) == 0 && length(aws_s3_object.page) == 0 && length(aws_secretsmanager_secret.client) == 0 && length(aws_cloudfront_function.content) == 0
    error_message = "No pages, no secret, no function."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.content[0].custom_error_response) == 0 && length(aws_cloudfront_distribution.content[0].origin) == 1
    error_message = "The distribution is as before."
  }

  assert {
    condition     = output.sign_in_url == null && output.sign_out_url == null && length(output.callback_urls_to_register) == 0 && length(output.sign_out_urls_to_register) == 0 && output.client_secret_arn == null
    error_message = "There is nothing to link to."
  }
}

run "configures_the_sign_in" {
  command = plan

  variables {
    sign_in = {}
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value) == { version = 1, hosts = ["d111111abcdef8.cloudfront.net"], userPool = { id = "eu-west-1_AbC123", clientIds = ["1example23456789"], tokenUses = ["access"] }, grants = [{ paths = ["/*"] }], signIn = { clientId = "1example23456789", clientAuthentication = "none", authorizationEndpoint = "https://photos-123456789012.auth.eu-west-1.amazoncognito.com/oauth2/authorize", tokenEndpoint = "https://photos-123456789012.auth.eu-west-1.amazoncognito.com/oauth2/token", revocationEndpoint = "https://photos-123456789012.auth.eu-west-1.amazoncognito.com/oauth2/revoke", logoutEndpoint = "https://photos-123456789012.auth.eu-west-1.amazoncognito.com/logout", scopes = ["email", "openid", "profile"], authorizeParams = {}, viewerParams = [], accountPrompt = "select_account", signOutUrl = "/.sign-in/signed-out.html", sessionSeconds = 2592000 }, cookies = { lifetimeSeconds = 3600, sameSite = "Lax", hashAlgorithm = "SHA1", bindToIp = false }, cors = { allowedOrigins = [] }, cache = { freshSeconds = 300, staleSeconds = 3600 } }
    error_message = "The document of a login as it is."
  }

  assert {
    condition     = aws_ssm_parameter.signer_configuration.tier == "Standard"
    error_message = "A small document costs nothing."
  }

  assert {
    condition     = output.sign_in_url == "https://d111111abcdef8.cloudfront.net/cookie/sign-in" && output.sign_out_url == "https://d111111abcdef8.cloudfront.net/cookie/sign-out"
    error_message = "Pages link there."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].refresh_token_rotation == tolist([{ feature = "ENABLED", retry_grace_period_seconds = 60 }])
    error_message = "With a minute for what was cut off."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].explicit_auth_flows == toset(["ALLOW_ADMIN_USER_PASSWORD_AUTH"])
    error_message = "Cognito takes it without ALLOW_REFRESH_TOKEN_AUTH only, and adds that where no flow is named."
  }

  assert {
    condition     = one(one(aws_cloudfront_response_headers_policy.content["sign-in"].security_headers_config).content_security_policy) == { content_security_policy = "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self'; script-src 'self'; style-src 'self'", override = true }
    error_message = "No inline script, no other host."
  }

  assert {
    condition     = one(one(aws_cloudfront_response_headers_policy.content["sign-in"].security_headers_config).frame_options).frame_option == "DENY" && one(one(aws_cloudfront_response_headers_policy.content["content"].security_headers_config).frame_options).frame_option == "SAMEORIGIN"
    error_message = "Nobody frames them; content may frame itself."
  }
}

run "tells_the_function_every_option" {
  command = plan

  variables {
    aliases         = ["photos.example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
    access_rules    = [{ paths = ["/*"], groups = ["staff"] }]
    sign_in = {
      additional_cookies = { theme = "dark" }
      authorize_params   = { identity_provider = "Google" }
      identity_providers = ["COGNITO", "Google"]
      scopes             = ["openid", "email", "photos/read"]
      session_days       = 7
      sign_out_url       = "https://www.example.com/bye"
      token_cookies      = "amplify"
      viewer_params      = ["ui_locales", "login_hint"]
    }
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).signIn == { clientId = "1example23456789", clientAuthentication = "none", authorizationEndpoint = "https://photos-123456789012.auth.eu-west-1.amazoncognito.com/oauth2/authorize", tokenEndpoint = "https://photos-123456789012.auth.eu-west-1.amazoncognito.com/oauth2/token", revocationEndpoint = "https://photos-123456789012.auth.eu-west-1.amazoncognito.com/oauth2/revoke", logoutEndpoint = "https://photos-123456789012.auth.eu-west-1.amazoncognito.com/logout", scopes = ["email", "openid", "photos/read"], authorizeParams = { identity_provider = "Google" }, viewerParams = ["login_hint", "ui_locales"], accountPrompt = "select_account", signOutUrl = "https://www.example.com/bye", sessionSeconds = 604800, tokenCookies = "amplify", additionalCookies = { theme = "dark" } }
    error_message = "The document of all options."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].supported_identity_providers == toset(["COGNITO", "Google"]) && aws_cognito_user_pool_client.app[0].allowed_oauth_scopes == toset(["email", "openid", "photos/read"])
    error_message = "The app client allows what is asked of it."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].callback_urls == toset(["https://d111111abcdef8.cloudfront.net/", "https://d111111abcdef8.cloudfront.net/cookie/callback", "https://photos.example.com/", "https://photos.example.com/cookie/callback"])
    error_message = "People may come back on every host."
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].logout_urls == toset(["https://d111111abcdef8.cloudfront.net/", "https://photos.example.com/", "https://www.example.com/bye", "https://d111111abcdef8.cloudfront.net/.sign-in/signed-out.html", "https://photos.example.com/.sign-in/signed-out.html"])
    error_message = "And end where they are sent."
  }

  assert {
    condition     = output.callback_urls_to_register == tolist(["https://d111111abcdef8.cloudfront.net/cookie/callback", "https://photos.example.com/cookie/callback"])
    error_message = "The same for an app client elsewhere."
  }
}

run "ends_on_its_own_page_on_every_host" {
  command = plan

  variables {
    aliases         = ["photos.example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
    sign_in         = {}
  }

  assert {
    condition     = output.sign_out_urls_to_register == tolist(["https://d111111abcdef8.cloudfront.net/.sign-in/signed-out.html", "https://photos.example.com/.sign-in/signed-out.html"])
    error_message = "A path counts on every host."
  }

  assert {
    condition     = setunion(aws_cognito_user_pool_client.app[0].logout_urls, output.sign_out_urls_to_register) == aws_cognito_user_pool_client.app[0].logout_urls
    error_message = "The app client knows them."
  }
}

run "keeps_the_flows_that_were_asked_for" {
  command = plan

  variables {
    auth_flows = ["ALLOW_USER_SRP_AUTH"]
    sign_in    = {}
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].explicit_auth_flows == toset(["ALLOW_USER_SRP_AUTH"])
    error_message = "No other flow is needed."
  }
}

run "lets_refresh_tokens_be_used_again_if_asked" {
  command = plan

  variables {
    sign_in = { refresh_token_rotation_enabled = false }
  }

  assert {
    condition     = aws_cognito_user_pool_client.app[0].refresh_token_rotation == tolist([{ feature = "DISABLED", retry_grace_period_seconds = 0 }]) && aws_cognito_user_pool_client.app[0].explicit_auth_flows == toset(["ALLOW_REFRESH_TOKEN_AUTH"])
    error_message = "As without sign_in."
  }
}

run "serves_its_pages_unsigned_from_a_bucket_of_their_own" {
  command = plan

  variables {
    public_paths = ["gallery/*"]
    sign_in      = {}
  }

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : "${behaviour.path_pattern} ${behaviour.target_origin_id} ${length(behaviour.trusted_key_groups)}"] == ["cookie/* bucket 0", ".sign-in/* pages 0", "gallery/* bucket 0"]
    error_message = "Before public paths, without a signature."
  }

  assert {
    condition     = toset([for origin in aws_cloudfront_distribution.content[0].origin : "${origin.origin_id} ${origin.origin_access_control_id}"]) == toset(["bucket E3EXAMPLE", "pages E3EXAMPLE"])
    error_message = "Both buckets are read by access control."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.content[0].custom_error_response) == { error_caching_min_ttl = 0, error_code = 403, response_code = 403, response_page_path = "/.sign-in/denied.html" }
    error_message = "Who has no cookies gets the page, and the status stays."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.pages[0].block_public_acls && aws_s3_bucket_public_access_block.pages[0].block_public_policy && aws_s3_bucket_public_access_block.pages[0].ignore_public_acls && aws_s3_bucket_public_access_block.pages[0].restrict_public_buckets
    error_message = "The bucket is private."
  }

  assert {
    condition     = aws_s3_bucket.pages[0].bucket == "photos-signer-qwertyui-pages" && aws_s3_bucket.pages[0].force_destroy
    error_message = "It holds nothing of anybody else."
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.pages[0].statement : "${coalesce(statement.effect, "Allow")} ${join(",", statement.actions)} ${one(statement.condition).variable} ${join(",", one(statement.condition).values)}"] == ["Allow s3:GetObject,s3:ListBucket AWS:SourceArn arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE", "Deny s3:* aws:SecureTransport false"]
    error_message = "For this distribution alone."
  }

  assert {
    condition     = toset(keys(aws_s3_object.page)) == fileset("dist/pages", "*") && contains(keys(aws_s3_object.page), "denied.html")
    error_message = "Every page is there."
  }

  assert {
    condition     = alltrue([for file, page in aws_s3_object.page : page.key == ".sign-in/${file}" && page.cache_control == (endswith(file, ".html") ? "no-store" : lookup({ "denied.js" = "no-cache" }, file, "max-age=300"))])
    error_message = "Pages are shown once, a script that a page names by its hash goes with it, all else is kept for a little while."
  }

  assert {
    condition     = toset([for file, page in aws_s3_object.page : "${reverse(split(".", file))[0]} ${page.content_type}"]) == toset(["css text/css; charset=utf-8", "html text/html; charset=utf-8", "js text/javascript; charset=utf-8"])
    error_message = "Browsers are told what they get."
  }
}
