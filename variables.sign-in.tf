# The public interface: the login in the browser.

variable "sign_in" {
  description = <<-EOT
    Signs people in who come with a browser and no cookies: they land on the login page, come back to where they wanted to
    go, and stay signed in. {} turns it on as it is; null, the default, leaves only the exchange of tokens that an app has.
    - scopes: what is asked for at the login page, default openid, email and profile; other issuers than Cognito often give a refresh token only for offline_access
    - authorize_params: further parameters for the login page, such as { identity_provider = "Google" }, or { prompt = "select_account" } where the provider looks at it, default none
    - viewer_params: names of parameters that a link to /cookie/sign-in may bring along for the login page, such as login_hint, default none
    - identity_providers: names of the user pool's identity providers that the module's app client lets in, default COGNITO, the pool's own users
    - any_federated_user_allowed: whether everybody with an account at one of the other providers may see everything, or everybody whom an app client of your own lets in, default false
    - client_authentication: how a client with a secret proves itself, client_secret_basic or client_secret_post; the client_secret_arn output says where to put the secret. Default none
    - sign_out_url: where people end after they signed out, a path on the same host or an https address, default a page of the module
    - session_days: how long people stay signed in without coming back, at most 400, at most 15 times rotation.interval_days, and never longer than the refresh token lives; null, the default, is token_validity.refresh_days
    - refresh_token_rotation_enabled: whether each refresh token of the module's app client is good for one use only, default true; a pool of yours needs the feature plan Essentials or Plus for it
    - token_cookies: "amplify" or "opensearch" also sets the tokens as cookies with the names that these read, open to scripts; default none
    - additional_cookies: cookies to set at sign-in and to delete at sign-out, value by name, at most 4096 characters together, default none
  EOT
  type = object({
    scopes                         = optional(set(string), ["email", "openid", "profile"])
    authorize_params               = optional(map(string), {})
    viewer_params                  = optional(set(string), [])
    identity_providers             = optional(set(string), ["COGNITO"])
    any_federated_user_allowed     = optional(bool, false)
    client_authentication          = optional(string, "none")
    sign_out_url                   = optional(string, "/.sign-in/signed-out.html")
    session_days                   = optional(number)
    refresh_token_rotation_enabled = optional(bool, true)
    token_cookies                  = optional(string)
    additional_cookies             = optional(map(string), {})
  })
  default = null

  # scope-token of RFC 6749, appendix A.4. Without openid there is no ID token, and nobody would be signed in.
  validation {
    condition = var.sign_in == null || try(
      contains(var.sign_in.scopes, "openid") && length(var.sign_in.scopes) <= 50 && alltrue([for scope in var.sign_in.scopes : can(regex("^[!#-\\[\\]-~]{1,256}$", scope))]), false
    )
    error_message = "sign_in.scopes must hold openid, and at most 50 scopes without spaces and quotes; got ${try(join(", ", var.sign_in.scopes), "null")}."
  }

  # What the sign-in itself says may not be said by a setting or a link (RFC 6749, 7636 and 9101, OpenID Connect Core).
  validation {
    condition = var.sign_in == null || try(
      length(var.sign_in.authorize_params) <= 20 && length(var.sign_in.viewer_params) <= 20
      && alltrue([for name in concat(keys(var.sign_in.authorize_params), tolist(var.sign_in.viewer_params)) : can(regex("^[A-Za-z][A-Za-z0-9_.-]{0,63}$", name))])
      && length(setintersection(local.reserved_authorize_params, concat(keys(var.sign_in.authorize_params), tolist(var.sign_in.viewer_params)))) == 0, false
    )
    error_message = "sign_in.authorize_params and sign_in.viewer_params must each be at most 20 names of letters, digits, _ . and -, and none that the sign-in sets itself (${join(", ", local.reserved_authorize_params)}); got ${try(join(", ", concat(keys(var.sign_in.authorize_params), tolist(var.sign_in.viewer_params))), "null")}."
  }

  validation {
    condition     = var.sign_in == null || try(alltrue([for value in values(var.sign_in.authorize_params) : can(regex("^[^\\p{Cc}]{1,256}$", value))]), false)
    error_message = "sign_in.authorize_params must have values of 1 to 256 characters without control characters; got ${try(jsonencode(var.sign_in.authorize_params), "null")}."
  }

  # Everybody on earth can have an account at Google: who comes from outside needs a rule that names them. A scope names
  # nobody, because the client asks for it.
  validation {
    condition     = var.sign_in == null || try(var.sign_in.any_federated_user_allowed || length(setsubtract(var.sign_in.identity_providers, ["COGNITO"])) == 0, false) || local.rules_name_people
    error_message = "sign_in.identity_providers must not let everybody in who has an account there: give each of access_rules groups, emails, email_domains or claims, or set sign_in.any_federated_user_allowed = true (rules on emails and email_domains need a provider whose attribute mapping has email_verified); got ${try(join(", ", var.sign_in.identity_providers), "null")} and ${length(var.access_rules)} access_rules."
  }

  validation {
    condition     = var.sign_in == null || try(length(var.sign_in.identity_providers) >= 1, false)
    error_message = "sign_in.identity_providers must hold at least one name, such as COGNITO for the pool's own users; got none."
  }

  validation {
    condition     = var.sign_in == null || try(contains(["none", "client_secret_basic", "client_secret_post"], var.sign_in.client_authentication), false)
    error_message = "sign_in.client_authentication must be none, client_secret_basic or client_secret_post; got ${try(coalesce(var.sign_in.client_authentication), "null")}."
  }

  validation {
    condition = var.sign_in == null || can(regex(
      "^(/([A-Za-z0-9._~!$&'()*+,;=:@%?-][A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,511})?|https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]{0,512})?)$", var.sign_in.sign_out_url
    ))
    error_message = "sign_in.sign_out_url must be a path that begins with one /, or an https address without query and fragment; got ${try(coalesce(var.sign_in.sign_out_url), "null")}."
  }

  # Browsers keep no cookie for longer than 400 days (RFC 6265bis, section 5.6.2).
  validation {
    condition     = try(var.sign_in.session_days, null) == null || try(var.sign_in.session_days >= 1 && var.sign_in.session_days <= 400 && floor(var.sign_in.session_days) == var.sign_in.session_days, false)
    error_message = "sign_in.session_days must be a whole number from 1 to 400; got ${try(coalesce(var.sign_in.session_days), "null")}."
  }

  validation {
    condition     = try(var.sign_in.token_cookies, null) == null || try(contains(["amplify", "opensearch"], var.sign_in.token_cookies), false)
    error_message = "sign_in.token_cookies must be amplify or opensearch; got ${try(coalesce(var.sign_in.token_cookies), "null")}."
  }

  # cookie-name and cookie-value of RFC 6265, section 4.1.1. The names of the module's own are those of own-cookies.ts.
  validation {
    condition = var.sign_in == null || try(
      length(var.sign_in.additional_cookies) <= 20
      && alltrue([for name, value in var.sign_in.additional_cookies : can(regex("^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$", name)) && can(regex("^[!#-+\\--:<-\\[\\]-~]*$", value)) && length(value) <= 1024])
      && alltrue([for name in keys(var.sign_in.additional_cookies) : !can(regex("^(cloudfront-|__(host|secure)-(session$|sign-in|fresh$|logout-hint$|kept-))", lower(name)))]), false
    )
    error_message = "sign_in.additional_cookies must be at most 20 cookies with names of RFC 6265 that do not begin with CloudFront- and are not the module's own, and values of at most 1024 characters without spaces, quotes, commas, semicolons and backslashes; got ${try(jsonencode(var.sign_in.additional_cookies), "null")}."
  }

  # One of the two would take the place of the other at each sign-in.
  validation {
    condition = !anytrue([for name in try(keys(var.sign_in.additional_cookies), []) : can(regex(
      { amplify = "^cognitoidentityserviceprovider\\.", opensearch = "^(id-token|access-token|refresh-token|cognito-enabled)$" }[var.sign_in.token_cookies], lower(name)
    ))])
    error_message = "sign_in.additional_cookies must not have the names of sign_in.token_cookies; got ${try(join(", ", keys(var.sign_in.additional_cookies)), "none")} beside ${try(coalesce(var.sign_in.token_cookies), "null")}."
  }

  # CloudFront sends 40 KB of a sign-in's answer and takes 32 KB of a request, with everything else that is in them.
  validation {
    condition     = try(sum([for name, value in var.sign_in.additional_cookies : length(name) + length(value)]), 0) <= 4096
    error_message = "sign_in.additional_cookies must have at most 4096 characters of names and values together, because they travel with every request; got ${try(sum([for name, value in var.sign_in.additional_cookies : length(name) + length(value)]), 0)}."
  }
}
