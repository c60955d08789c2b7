# An OpenID Connect provider instead of Cognito: its addresses, read from its discovery document when they are needed, which
# is at apply. The edge function never looks for them.

locals {
  # Here everybody on earth can have an account. The third is Microsoft's tenant of private accounts; its common, consumers
  # and organizations name another issuer than they are at, and are refused on apply.
  open_issuers = [
    "https://accounts.google.com",
    "https://appleid.apple.com",
    "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
    "https://access.line.me",
    "https://api.login.yahoo.com",
    "https://gitlab.com",
    "https://id.twitch.tv/oauth2",
    "https://kauth.kakao.com",
    "https://login.salesforce.com",
    "https://slack.com",
    "https://www.facebook.com",
    "https://www.linkedin.com",
    "https://www.linkedin.com/oauth",
    "https://www.paypal.com",
  ]
  is_open_issuer = contains(local.open_issuers, lower(trimsuffix(try(var.oidc.issuer, ""), "/")))

  # One element, or none with Cognito.
  oidc = [for answer in aws_lambda_invocation.discovery[*].result : {
    issuer                = jsondecode(answer).issuer
    jwksUri               = jsondecode(answer).jwks_uri
    audiences             = distinct(concat([var.oidc.client_id], var.oidc.audiences))
    groupsClaim           = var.oidc.groups_claim
    authorizationEndpoint = jsondecode(answer).authorization_endpoint
    tokenEndpoint         = jsondecode(answer).token_endpoint
    revocationEndpoint    = try(jsondecode(answer).revocation_endpoint, null)
    logoutEndpoint        = try(jsondecode(answer).end_session_endpoint, null)
    # RFC 9207, section 3.
    namesItself = try(jsondecode(answer).authorization_response_iss_parameter_supported, false)
  }]
}

# The rotator reads and checks the document, because Terraform cannot without another provider. Again on every change of
# the issuer or of the code.
resource "aws_lambda_invocation" "discovery" {
  count = local.uses_oidc ? 1 : 0

  provider = aws.us_east_1

  function_name = aws_lambda_function.rotator.function_name
  input         = jsonencode({ task = "discover-issuer", issuer = var.oidc.issuer })

  triggers = {
    code   = aws_lambda_function.rotator.source_code_hash
    issuer = var.oidc.issuer
  }

  lifecycle {
    # Here and not in var.oidc, which may not look at access_rules.
    precondition {
      condition     = !local.is_open_issuer || local.rules_name_people || try(var.sign_in.any_federated_user_allowed, false)
      error_message = "oidc.issuer must not let everybody in who has an account there: give each of access_rules groups, emails, email_domains or claims, or set sign_in.any_federated_user_allowed = true; got ${try(var.oidc.issuer, "null")} and ${length(var.access_rules)} access_rules."
    }
  }

  depends_on = [aws_iam_role_policy.rotator]
}
