# The public interface: who may sign in, and how.

variable "self_sign_up_enabled" {
  description = "Whether strangers may register themselves. Everybody who is signed in may read the private content unless access_rules say otherwise, so leave it off unless that is what you want."
  type        = bool
  default     = false
  nullable    = false
}

variable "mfa" {
  description = "Second factor by authenticator app (TOTP): OFF, OPTIONAL for those who set one up, ON for everybody."
  type        = string
  default     = "OFF"
  nullable    = false

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.mfa)
    error_message = "mfa must be OFF, OPTIONAL or ON; got ${var.mfa}."
  }
}

variable "user_pool_deletion_protection_enabled" {
  description = "Whether Cognito refuses to delete the user pool, by terraform destroy too, until this is off again."
  type        = bool
  default     = false
  nullable    = false
}

variable "groups" {
  description = <<-EOT
    Groups of the user pool, by name; they appear in the tokens as cognito:groups.
    - description: what the group is for, default null
    - precedence: order among a user's groups, lower comes first, default null
  EOT
  type = map(object({
    description = optional(string)
    precedence  = optional(number)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.groups) : can(regex("^[^\\s/]{1,128}$", name))])
    error_message = "groups must have names of 1 to 128 characters without spaces and slashes; got ${join(", ", keys(var.groups))}."
  }
}

variable "users" {
  description = <<-EOT
    First users, by e-mail address. Cognito mails each a temporary password; no password is ever in the state.
    - groups: names of groups that the user joins, default none
    - invitation_enabled: whether the mail is sent; without it an administrator sets the password, default true
  EOT
  type = map(object({
    groups             = optional(set(string), [])
    invitation_enabled = optional(bool, true)
  }))
  default  = {}
  nullable = false

  # In lower case, because the pool ignores case and would hand back another address than the one written here.
  validation {
    condition     = alltrue([for email in keys(var.users) : can(regex("^[a-z0-9.!#$%&'*+=?^_`{|}~-]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]$", email))])
    error_message = "users must have e-mail addresses in lower case as keys; got ${join(", ", keys(var.users))}."
  }

  validation {
    condition     = alltrue([for user in values(var.users) : length(setsubtract(user.groups, keys(var.groups))) == 0])
    error_message = "users must name only groups that the variable groups defines (${join(", ", keys(var.groups))}); got ${join(", ", distinct(flatten([for user in values(var.users) : tolist(user.groups)])))}."
  }
}

variable "callback_urls" {
  description = "Where the login page may send people with a code: paths on this distribution (/gallery/index.html), https addresses, http://localhost for development, or an app's own scheme (com.example.app://callback)."
  type        = list(string)
  default     = ["/"]
  nullable    = false

  validation {
    condition     = length(var.callback_urls) >= 1 && length(var.callback_urls) <= 50
    error_message = "callback_urls must hold 1 to 50 addresses, because the authorization code flow has to end somewhere; got ${length(var.callback_urls)}."
  }

  # A custom scheme must be a reversed domain name (RFC 8252, section 7.1); the dot keeps javascript: and http: out.
  validation {
    condition     = alltrue([for url in var.callback_urls : can(regex("^(/([^/#][^#]*)?|https://[^/#][^#]*|http://localhost(:[0-9]{1,5})?(/[^#]*)?|[a-z][a-z0-9-]*(\\.[a-z0-9-]+)+://[^#]*)$", url))])
    error_message = "callback_urls must each be a path that begins with one /, an https address, http://localhost, or a scheme like com.example.app://, without a fragment; got ${join(", ", var.callback_urls)}."
  }
}

variable "sign_out_urls" {
  description = "Where the login page may send people after they signed out, written as in callback_urls."
  type        = list(string)
  default     = ["/"]
  nullable    = false

  validation {
    condition     = length(var.sign_out_urls) <= 50 && alltrue([for url in var.sign_out_urls : can(regex("^(/([^/#][^#]*)?|https://[^/#][^#]*|http://localhost(:[0-9]{1,5})?(/[^#]*)?|[a-z][a-z0-9-]*(\\.[a-z0-9-]+)+://[^#]*)$", url))])
    error_message = "sign_out_urls must each be a path that begins with one /, an https address, http://localhost, or a scheme like com.example.app://, without a fragment, and not more than 50; got ${join(", ", var.sign_out_urls)}."
  }
}

variable "login_domain" {
  description = "Host of the login page: null for a prefix of Cognito's made of name and account number, a prefix of your own (acme-photos), or a host name of your own (login.example.com), which needs login_domain_certificate_arn."
  type        = string
  default     = null

  # A prefix has no dot; a host name has one, and may carry a port for an AWS that runs on one's own machine.
  validation {
    condition = var.login_domain == null || can(regex(
      "^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?|[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[0-9]{1,5})?)$", var.login_domain
    ))
    error_message = "login_domain must be a prefix of lower-case letters, digits and dashes, or a host name; got ${coalesce(var.login_domain, "an empty string")}."
  }
}

variable "login_domain_certificate_arn" {
  description = "ARN of the ACM certificate in us-east-1 for a login_domain that is a host name of your own."
  type        = string
  default     = null

  validation {
    condition     = var.login_domain_certificate_arn == null || can(regex("^arn:[a-z-]+:acm:us-east-1:[0-9]{12}:certificate/.+$", var.login_domain_certificate_arn))
    error_message = "login_domain_certificate_arn must be the ARN of an ACM certificate in us-east-1; got ${coalesce(var.login_domain_certificate_arn, "an empty string")}."
  }

  # Both ways in one place: validations of two variables may not refer to each other. AWS never has a .localhost
  # (RFC 6761, section 6.3), which is the name of an AWS on one's own machine.
  validation {
    condition = (
      var.login_domain_certificate_arn == null
      ? !can(regex("\\.", var.login_domain)) || can(regex("\\.localhost(:[0-9]+)?$", var.login_domain))
      : can(regex("\\.", var.login_domain))
    )
    error_message = "login_domain_certificate_arn must be given when login_domain is a host name, and only then; got ${coalesce(var.login_domain_certificate_arn, "null")} and login_domain ${coalesce(var.login_domain, "null")}."
  }
}

variable "token_validity" {
  description = <<-EOT
    How long Cognito's tokens live. A signed cookie never outlives the token it was made from.
    - access_minutes: access token, 5 to 1440, default 60
    - id_minutes: ID token, 5 to 1440, default 60
    - refresh_days: refresh token, 1 to 3650, default 30
  EOT
  type = object({
    access_minutes = optional(number, 60)
    id_minutes     = optional(number, 60)
    refresh_days   = optional(number, 30)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for minutes in [var.token_validity.access_minutes, var.token_validity.id_minutes] : minutes >= 5 && minutes <= 1440 && floor(minutes) == minutes])
    error_message = "token_validity.access_minutes and token_validity.id_minutes must be whole numbers from 5 to 1440; got ${var.token_validity.access_minutes} and ${var.token_validity.id_minutes}."
  }

  validation {
    condition     = var.token_validity.refresh_days >= 1 && var.token_validity.refresh_days <= 3650 && floor(var.token_validity.refresh_days) == var.token_validity.refresh_days
    error_message = "token_validity.refresh_days must be a whole number from 1 to 3650; got ${var.token_validity.refresh_days}."
  }
}

variable "auth_flows" {
  description = "Ways to get tokens from Cognito's API besides the login page and refreshing, for apps with a sign-in form of their own: ALLOW_USER_SRP_AUTH, ALLOW_USER_PASSWORD_AUTH, ALLOW_USER_AUTH, ALLOW_CUSTOM_AUTH, ALLOW_ADMIN_USER_PASSWORD_AUTH."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(setsubtract(var.auth_flows, ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"])) == 0
    error_message = "auth_flows must be among ALLOW_USER_SRP_AUTH, ALLOW_USER_PASSWORD_AUTH, ALLOW_USER_AUTH, ALLOW_CUSTOM_AUTH and ALLOW_ADMIN_USER_PASSWORD_AUTH; got ${join(", ", var.auth_flows)}."
  }
}

variable "uploads" {
  description = <<-EOT
    Lets signed-in users upload and delete straight in the bucket, each only under <prefix>/<identity id>/, by temporary
    credentials of an identity pool; guests get none. What they upload is served in a sandbox, so that no upload runs as a
    page of this host. Null, the default, makes no identity pool.
    - prefix: folder of the uploads, default "uploads"
    - groups: groups of the pool whose people may upload, default everybody whom the pool signs in. In a pool that the module does not make, give these groups the role of the upload_role_arn output
    - everybody_allowed: whether everybody whom the pool signs in may upload although access_rules let only some see something, default false
    - read_enabled: whether they may also list and read there with those credentials, default false
    - abandoned_after_days: days after which the parts of an upload that was never finished are removed, 0 for never, default 7
  EOT
  type = object({
    prefix               = optional(string, "uploads")
    groups               = optional(set(string), [])
    everybody_allowed    = optional(bool, false)
    read_enabled         = optional(bool, false)
    abandoned_after_days = optional(number, 7)
  })
  default = null

  validation {
    condition     = var.uploads == null || can(regex("^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$", var.uploads.prefix)) && !can(regex("^cookie(/|$)", var.uploads.prefix))
    error_message = "uploads.prefix must be a folder of letters, digits, dashes and underscores, without slashes at its ends, and not cookie; got ${try(var.uploads.prefix, "null")}."
  }
  validation {
    condition     = var.uploads == null || try(var.uploads.abandoned_after_days >= 0 && floor(var.uploads.abandoned_after_days) == var.uploads.abandoned_after_days, false)
    error_message = "uploads.abandoned_after_days must be a whole number of at least 0; got ${try(var.uploads.abandoned_after_days, "null")}."
  }
}
