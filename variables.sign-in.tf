# The public interface, fourth part: the login in the browser, and who may see what.

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

variable "access_rules" {
  description = <<-EOT
    Who may see what. Without any, everybody who is signed in sees everything. With rules, a person may open every path of
    every rule that matches them; whom no rule matches gets 403. A rule matches when all its conditions hold; one that has
    none must say that it is for everybody. docs/access-rules.md explains it by examples.
    - paths: what it opens, /* or directories like /finance/*; {sub}, {email} and other claims in braces stand for the person's own
    - groups: any of these groups, default none
    - scopes: any of these scopes of the token, default none
    - emails: any of these verified e-mail addresses, default none
    - email_domains: a verified e-mail address in any of these domains, default none
    - claims: any of the values, for each claim that is named, default none
    - everybody_allowed: says that everybody who is signed in is meant, default false
    - overlap_allowed: confirms that people whose broader path (such as /*) covers this one may see it too, default false
    - exclusive: keeps out people who only have a broader path, by a signing key of its own, of which a stack can have three; default false
    - exclusive_name: name of that key, for a rule whose first path may change; default made from the first path
  EOT
  type = list(object({
    paths             = list(string)
    groups            = optional(set(string), [])
    scopes            = optional(set(string), [])
    emails            = optional(set(string), [])
    email_domains     = optional(set(string), [])
    claims            = optional(map(set(string)), {})
    everybody_allowed = optional(bool, false)
    overlap_allowed   = optional(bool, false)
    exclusive         = optional(bool, false)
    exclusive_name    = optional(string)
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(var.access_rules) <= 100 && alltrue([for rule in var.access_rules : try(length(rule.paths) >= 1 && length(rule.paths) <= 50, false)])
    error_message = "access_rules must be at most 100 rules, each with 1 to 50 paths; got rules with ${join(", ", [for rule in var.access_rules : try(length(rule.paths), "no")])} paths."
  }

  # What a signed policy and the Path of a cookie can both say: whole directories. No ";", which would end the Path.
  validation {
    condition     = alltrue([for path in flatten(var.access_rules[*].paths) : can(regex("^/(([A-Za-z0-9._~!$&'()+,=:@%-]+|\\{[A-Za-z0-9:_.-]{1,64}\\})/)*\\*$", path)) && length(path) <= 250 && !can(regex("(?i)/(\\.|%2e){1,2}/", path))])
    error_message = "access_rules must have paths that begin with /, end with /*, and have no other wildcard, no empty part, no . or .. and a claim in braces only as a whole part, such as /*, /finance/* or /users/{sub}/*; got ${join(", ", flatten(var.access_rules[*].paths))}."
  }

  validation {
    condition     = alltrue([for path in flatten(var.access_rules[*].paths) : !startswith(path, "/cookie/") && !startswith(path, "/.sign-in/")])
    error_message = "access_rules must leave /cookie/* and /.sign-in/* to the module; got ${join(", ", flatten(var.access_rules[*].paths))}."
  }

  # Terraform drops attributes that it does not know, so a misspelt condition would open the path to everybody.
  validation {
    condition     = alltrue([for rule in var.access_rules : length(rule.groups) + length(rule.scopes) + length(rule.emails) + length(rule.email_domains) + length(rule.claims) > 0 || rule.everybody_allowed || try(alltrue([for path in rule.paths : strcontains(path, "{")]), false)])
    error_message = "access_rules must each have groups, scopes, emails, email_domains or claims, or a claim in every path, or say everybody_allowed = true; got none of them for ${join(", ", flatten([for rule in var.access_rules : try(tolist(rule.paths), []) if length(rule.groups) + length(rule.scopes) + length(rule.emails) + length(rule.email_domains) + length(rule.claims) == 0 && !rule.everybody_allowed]))}."
  }

  validation {
    condition     = alltrue([for rule in var.access_rules : !rule.everybody_allowed || length(rule.groups) + length(rule.scopes) + length(rule.emails) + length(rule.email_domains) + length(rule.claims) == 0])
    error_message = "access_rules must not say everybody_allowed = true beside a condition, because both cannot be meant; got it for ${join(", ", flatten([for rule in var.access_rules : try(tolist(rule.paths), []) if rule.everybody_allowed]))}."
  }

  # A path pattern has a star for a claim, and its star does not end at a slash. Only unreserved characters: with others
  # there are two ways to write the path, one of which the pattern would not know and the bucket would.
  validation {
    condition     = alltrue(flatten([for rule in var.access_rules : [for path in try(tolist(rule.paths), []) : !rule.exclusive || can(regex("^/([A-Za-z0-9._~-]+/)+(\\{[A-Za-z0-9:_.-]{1,64}\\}/)?\\*$", path)) && !startswith(path, "/.well-known/")]]))
    error_message = "access_rules must have exclusive paths that are directories of letters, digits and . _ ~ -, not /* nor below /.well-known/, with a claim at most at the end, such as /finance/* or /users/{sub}/*; got ${join(", ", flatten([for rule in var.access_rules : try(tolist(rule.paths), []) if rule.exclusive]))}."
  }

  validation {
    condition     = alltrue([for rule in var.access_rules : !rule.exclusive || !rule.overlap_allowed])
    error_message = "access_rules must not say overlap_allowed = true beside exclusive = true, because both cannot be meant; got it for ${join(", ", flatten([for rule in var.access_rules : try(tolist(rule.paths), []) if rule.exclusive && rule.overlap_allowed]))}."
  }

  # As in signing-key/names.ts.
  validation {
    condition     = alltrue([for rule in var.access_rules : rule.exclusive_name == null || rule.exclusive && can(regex("^[a-z0-9]+(-[a-z0-9]+)*$", rule.exclusive_name)) && try(length(rule.exclusive_name) <= 20, false) && rule.exclusive_name != "main"])
    error_message = "access_rules must have exclusive_name only beside exclusive = true, of up to 20 lower-case letters, digits and single dashes, and not main; got ${join(", ", [for rule in var.access_rules : rule.exclusive_name if rule.exclusive_name != null])}."
  }

  # In lower case, as the signer compares them.
  validation {
    condition     = alltrue(flatten([for rule in var.access_rules : [for email in rule.emails : can(regex("^[^\\s@A-Z]+@[^\\s@A-Z]+$", email))]]))
    error_message = "access_rules must have emails in lower case, each with one @; got ${join(", ", flatten([for rule in var.access_rules : tolist(rule.emails)]))}."
  }

  validation {
    condition     = alltrue(flatten([for rule in var.access_rules : [for domain in rule.email_domains : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]$", domain))]]))
    error_message = "access_rules must have email_domains in lower case and without @, such as example.com; got ${join(", ", flatten([for rule in var.access_rules : tolist(rule.email_domains)]))}."
  }

  validation {
    condition     = alltrue(flatten([for rule in var.access_rules : [for name, values in rule.claims : can(regex("^[A-Za-z0-9:/._-]{1,128}$", name)) && try(length(values) >= 1, false)]]))
    error_message = "access_rules must have claims with names of letters, digits and : / . _ -, and with at least one value each; got ${jsonencode([for rule in var.access_rules : rule.claims])}."
  }

  validation {
    condition = alltrue(flatten([for rule in var.access_rules : [
      for values in concat([rule.groups, rule.scopes, rule.emails, rule.email_domains], [for each in values(rule.claims) : each]) :
      length(values) <= 100 && alltrue([for value in values : can(regex("^[^\\p{Cc}]{1,256}$", value))])
    ]]))
    error_message = "access_rules must have at most 100 values in each condition, of 1 to 256 characters without control characters; got ${jsonencode(var.access_rules)}."
  }
}
