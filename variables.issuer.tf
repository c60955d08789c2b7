# The public interface: whose tokens count, when it is not the module's own user pool.
#
# Neither variable may look at sign_in or access_rules: callers put there what they made in the module's own pool, which
# is made or not made by these two. Nor may sign_in look at user_pool: callers put there an app client that they made
# with the callback_urls_to_register output. What concerns both is checked where the configuration is written, signer.tf.

variable "user_pool" {
  description = <<-EOT
    A user pool of Cognito that you already have. Null, the default, makes one. With it the module makes no pool, no login
    page, no groups and no users, so those variables stay unset.
    - id: id of the pool, such as eu-west-1_AbC123, in any region
    - login_host: host of its login page, without scheme, such as acme.auth.eu-west-1.amazoncognito.com; needed with sign_in, default null
    - client_ids: ids of the app clients whose tokens count, the first of which signs people in. None, the default, makes
      an app client in the pool, which has to be in this region then
  EOT
  type = object({
    id         = string
    login_host = optional(string)
    client_ids = optional(list(string), [])
  })
  default = null

  validation {
    condition     = var.user_pool == null || can(regex("^(eusc-[a-z]{2}|[a-z]{2})-(gov-)?[a-z]+-[0-9]_[A-Za-z0-9]+$", var.user_pool.id))
    error_message = "user_pool.id must be the id of a Cognito user pool, such as eu-west-1_AbC123; got ${try(var.user_pool.id, "null")}."
  }

  validation {
    condition     = try(var.user_pool.login_host, null) == null || can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$", var.user_pool.login_host))
    error_message = "user_pool.login_host must be a host name in lower case, without https:// and without a path; got ${try(coalesce(var.user_pool.login_host), "an empty string")}."
  }

  validation {
    condition     = var.user_pool == null || try(length(var.user_pool.client_ids) <= 100 && alltrue([for id in var.user_pool.client_ids : can(regex("^[A-Za-z0-9_+]{1,128}$", id))]), false)
    error_message = "user_pool.client_ids must be at most 100 ids of app clients, made of letters, digits, _ and +; got ${try(join(", ", var.user_pool.client_ids), "null")}."
  }

  validation {
    condition     = var.user_pool == null || length(local.own_pool_settings) == 0
    error_message = "user_pool must come without settings for a pool that the module makes, because it does not touch yours: remove ${join(", ", local.own_pool_settings)}, and set the like at your pool."
  }
}

variable "oidc" {
  description = <<-EOT
    Any OpenID Connect provider instead of Cognito. Its addresses are read from its discovery document on apply. Register
    the callback_urls_to_register output there. Null, the default, stands for Cognito.
    - issuer: issuer as the provider writes it, without /.well-known/openid-configuration
    - client_id: id under which the provider knows this site
    - audiences: further values of aud that count in tokens that apps bring along, default none
    - groups_claim: claim with the groups of a person, for access_rules, default "groups"
    - account_prompt: value of prompt by which the provider asks for the account when somebody wants to sign in as somebody else, login or select_account; default login, and select_account for Google
  EOT
  type = object({
    issuer         = string
    client_id      = string
    audiences      = optional(list(string), [])
    groups_claim   = optional(string, "groups")
    account_prompt = optional(string)
  })
  default = null

  validation {
    condition     = var.oidc == null || can(regex("^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]{0,512})?$", var.oidc.issuer)) && !endswith(try(var.oidc.issuer, ""), "/.well-known/openid-configuration")
    error_message = "oidc.issuer must be https:// and a host in lower case, with a path or without, and without query, fragment and /.well-known/openid-configuration; got ${try(var.oidc.issuer, "null")}."
  }

  # VSCHAR of RFC 6749, appendix A.1.
  validation {
    condition     = var.oidc == null || try(length(var.oidc.audiences) <= 99 && alltrue([for id in concat([var.oidc.client_id], var.oidc.audiences) : can(regex("^[!-~]{1,255}$", id))]), false)
    error_message = "oidc.client_id and oidc.audiences must each be 1 to 255 visible characters, and not more than 99 audiences; got ${try(join(", ", concat([var.oidc.client_id], var.oidc.audiences)), "null")}."
  }

  validation {
    condition     = var.oidc == null || can(regex("^[A-Za-z0-9:/._-]{1,128}$", var.oidc.groups_claim))
    error_message = "oidc.groups_claim must be the name of a claim, of letters, digits and : / . _ -; got ${try(var.oidc.groups_claim, "null")}."
  }

  validation {
    condition     = var.oidc == null || contains(["login", "select_account"], coalesce(try(var.oidc.account_prompt, null), "login"))
    error_message = "oidc.account_prompt must be login or select_account; got ${try(coalesce(var.oidc.account_prompt), "null")}."
  }

  validation {
    condition     = var.oidc == null || var.user_pool == null
    error_message = "oidc must not come with user_pool: tokens of one issuer count; got ${try(var.oidc.issuer, "null")} and ${try(var.user_pool.id, "null")}."
  }

  validation {
    condition     = var.oidc == null || length(local.own_pool_settings) + length(var.auth_flows) == 0
    error_message = "oidc must come without settings for a user pool of Cognito, because there is none: remove ${join(", ", concat(local.own_pool_settings, length(var.auth_flows) > 0 ? ["auth_flows"] : []))}."
  }

  # Only Cognito's tokens reach an identity pool here: another issuer would have to be made known to IAM first.
  validation {
    condition     = var.oidc == null || var.uploads == null
    error_message = "oidc must not come with uploads, because their identity pool takes tokens of Cognito only; got uploads.prefix ${try(var.uploads.prefix, "null")}."
  }
}
