# The public interface, sixth part: what tokens open by themselves, and links for people who cannot sign in. The rules
# themselves are access_rules in variables.sign-in.tf.

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
