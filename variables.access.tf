# The public interface: who may see what, by which token, and links for people who cannot sign in. docs/access-rules.md
# explains it by examples.

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

  # As in contract/names.ts.
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

variable "accepted_tokens" {
  description = "Kinds of Cognito token that the exchange takes: access, id or both. An access token is what an API should be shown; an ID token is for apps that keep no other."
  type        = set(string)
  default     = ["access"]
  nullable    = false

  validation {
    condition     = length(var.accepted_tokens) >= 1 && length(setsubtract(var.accepted_tokens, ["access", "id"])) == 0
    error_message = "accepted_tokens must be access, id or both; got ${jsonencode(var.accepted_tokens)}."
  }
}

variable "bearer_paths" {
  description = "Directories like api/* that API clients load with Authorization: Bearer <token> on each request instead of cookies; the edge function verifies the token and applies access_rules. Cookies open nothing there."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.bearer_paths) <= 10
    error_message = "bearer_paths must not hold more than 10 directories, because each takes one of the 75 behaviours of a distribution; got ${length(var.bearer_paths)}."
  }

  # Unreserved characters only: whatever else could also be written another way.
  validation {
    condition     = alltrue([for path in var.bearer_paths : can(regex("^/?([A-Za-z0-9._~-]+/)+\\*$", path)) && length(path) <= 250 && !can(regex("(^|/)\\.{1,2}/", path))])
    error_message = "bearer_paths must each be a directory of letters, digits and . _ ~ - that ends with /*, without . and .., such as api/*; got ${join(", ", var.bearer_paths)}."
  }

  validation {
    condition     = alltrue([for path in var.bearer_paths : !can(regex("^/?(cookie|\\.sign-in|\\.well-known)/", path))])
    error_message = "bearer_paths must leave cookie/*, .sign-in/* and .well-known/* to the module; got ${join(", ", var.bearer_paths)}."
  }

  validation {
    condition = alltrue(flatten([for path in var.bearer_paths : [for public in var.public_paths :
      !startswith(trimprefix(public, "/"), trimsuffix(trimprefix(path, "/"), "*")) &&
      !(can(regex("^[^*?]*/\\*$", public)) && startswith(trimprefix(path, "/"), trimsuffix(trimprefix(public, "/"), "*")))
    ]]))
    error_message = "bearer_paths must not lie inside public_paths nor hold one of them, because it would be both open and closed: put them side by side. Got ${join(", ", var.bearer_paths)} and public_paths ${join(", ", var.public_paths)}."
  }

  validation {
    condition = alltrue([for path in var.bearer_paths : try(
      !startswith("${var.uploads.prefix}/", trimsuffix(trimprefix(path, "/"), "*")) && !startswith(trimprefix(path, "/"), "${var.uploads.prefix}/"), true
    )])
    error_message = "bearer_paths must not lie inside uploads.prefix nor hold it, because uploads are shown in a sandbox of their own: put them side by side. Got ${join(", ", var.bearer_paths)} and uploads.prefix ${try(var.uploads.prefix, "null")}."
  }

  validation {
    condition = alltrue(flatten([for path in var.bearer_paths : [for pattern, beginning in local.exclusive_beginnings :
      !can(regex(beginning, trimprefix(path, "/"))) && !startswith(pattern, trimsuffix(trimprefix(path, "/"), "*"))
    ]]))
    error_message = "bearer_paths must not lie inside an exclusive path of access_rules nor hold one, because its key would count for nothing there: put them side by side. Got ${join(", ", var.bearer_paths)} and exclusive ${join(", ", [for pattern in keys(local.exclusive_patterns) : "/${pattern}"])}."
  }
}

variable "signed_urls" {
  description = <<-EOT
    Links to single objects for people who cannot sign in: whoever may load an object gets one from GET /cookie/url. Null,
    the default, gives none; {} turns them on.
    - longest_minutes: how long a link may live, at most cookie_ttl_minutes, which is the default
  EOT
  type = object({
    longest_minutes = optional(number)
  })
  default = null

  # No key may be retired while links that it signed are alive.
  validation {
    condition     = try(var.signed_urls.longest_minutes, null) == null || try(var.signed_urls.longest_minutes >= 1 && var.signed_urls.longest_minutes <= var.cookie_ttl_minutes && floor(var.signed_urls.longest_minutes) == var.signed_urls.longest_minutes, false)
    error_message = "signed_urls.longest_minutes must be a whole number from 1 to cookie_ttl_minutes (${var.cookie_ttl_minutes}), because signing keys are kept that long; got ${try(coalesce(var.signed_urls.longest_minutes), "null")}."
  }
}
