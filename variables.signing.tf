# The public interface: the cookies, and the keys that sign them.

variable "cookie_ttl_minutes" {
  description = "How long signed cookies are valid, in minutes, unless the token expires earlier. A browser session loses what a person may no longer see after that long at most; an app goes on until its token expires."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.cookie_ttl_minutes >= 1 && var.cookie_ttl_minutes <= 1440 && floor(var.cookie_ttl_minutes) == var.cookie_ttl_minutes
    error_message = "cookie_ttl_minutes must be a whole number from 1 to 1440, the longest life of a Cognito token; got ${var.cookie_ttl_minutes}."
  }
}

variable "cookie_same_site" {
  description = "SameSite of the cookies: Lax, Strict (a first click from elsewhere, and the last step of a sign-in, come without cookies and make a detour, by the login page where there is no refresh token), or None for apps on another registrable domain."
  type        = string
  default     = "Lax"
  nullable    = false

  validation {
    condition     = contains(["Lax", "Strict", "None"], var.cookie_same_site)
    error_message = "cookie_same_site must be Lax, Strict or None; got ${var.cookie_same_site}."
  }
}

variable "cookie_scope" {
  description = <<-EOT
    How far the signed cookies reach. By default they stay with the host that set them.
    - bound_to_ip: whether they work only from the IPv4 address that fetched them, which turns IPv6 off, and people whose address changes must sign in again; default false
    - domain: parent domain such as example.com whose hosts share them, default none; every host of the content has to be below it, and every other host below it gets them too
    - partitioned: whether browsers keep them apart for each site that embeds this one, which needs cookie_same_site = "None"; default false
  EOT
  type = object({
    bound_to_ip = optional(bool, false)
    domain      = optional(string)
    partitioned = optional(bool, false)
  })
  default  = {}
  nullable = false

  # A domain without a dot is a public suffix, for which browsers take no cookies (RFC 6265, section 5.3).
  validation {
    condition     = var.cookie_scope.domain == null || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]$", var.cookie_scope.domain))
    error_message = "cookie_scope.domain must be a domain in lower case with a dot in it and none before it, such as example.com; got ${coalesce(var.cookie_scope.domain, "an empty string")}."
  }

  # Cookies Having Independent Partitioned State: in another site's page only SameSite=None is sent.
  validation {
    condition     = var.cookie_scope.partitioned == null || !var.cookie_scope.partitioned || var.cookie_same_site == "None"
    error_message = "cookie_scope.partitioned must come with cookie_same_site = \"None\", because it is for pages of other sites, to which browsers send no others; got ${var.cookie_same_site}."
  }
}

variable "signature_hash_algorithm" {
  description = "Hash of the cookies' signatures: SHA1, which CloudFront has always taken, or SHA256, which adds a fourth cookie."
  type        = string
  default     = "SHA1"
  nullable    = false

  validation {
    condition     = contains(["SHA1", "SHA256"], var.signature_hash_algorithm)
    error_message = "signature_hash_algorithm must be SHA1 or SHA256; got ${var.signature_hash_algorithm}."
  }
}

variable "signing_key_algorithm" {
  description = "Kind of the signing keys: RSA-2048, or ECDSA-P256, whose cookies are smaller. A change takes effect with the next rotation."
  type        = string
  default     = "RSA-2048"
  nullable    = false

  validation {
    condition     = contains(["RSA-2048", "ECDSA-P256"], var.signing_key_algorithm)
    error_message = "signing_key_algorithm must be RSA-2048 or ECDSA-P256; got ${var.signing_key_algorithm}."
  }
}

variable "signer_cache" {
  description = <<-EOT
    How long the edge function keeps the signing key and its configuration.
    - fresh_minutes: before it reads them again, 1 to 60, default 5
    - stale_minutes: how much longer it works with the old ones while reading fails, 0 to 10080, default 60
  EOT
  type = object({
    fresh_minutes = optional(number, 5)
    stale_minutes = optional(number, 60)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.signer_cache.fresh_minutes >= 1 && var.signer_cache.fresh_minutes <= 60
    error_message = "signer_cache.fresh_minutes must lie between 1 and 60; got ${var.signer_cache.fresh_minutes}."
  }

  validation {
    condition     = var.signer_cache.stale_minutes >= 0 && var.signer_cache.stale_minutes <= 10080
    error_message = "signer_cache.stale_minutes must lie between 0 and 10080 (a week); got ${var.signer_cache.stale_minutes}."
  }
}

variable "rotation" {
  description = <<-EOT
    When signing keys change. A replaced key stays trusted until every cookie signed with it has expired; the first
    rotation after that takes it away.
    - interval_days: days between rotations, 1 to 999, default 30; a change also rotates at once
    - propagation_minutes: minutes allowed for a new key to reach every edge location before it signs, 0 to 10, default 5
    - probe_enabled: whether the rotator, which is in us-east-1, first tries a new key by requests to the distribution, default true unless viewer_restrictions keep the United States out
  EOT
  type = object({
    interval_days       = optional(number, 30)
    propagation_minutes = optional(number, 5)
    probe_enabled       = optional(bool)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.rotation.interval_days >= 1 && var.rotation.interval_days <= 999 && floor(var.rotation.interval_days) == var.rotation.interval_days
    error_message = "rotation.interval_days must be a whole number from 1 to 999; got ${var.rotation.interval_days}."
  }

  # The rotator waits inside one invocation, which Lambda ends after 15 minutes; five are left for the probe.
  validation {
    condition     = var.rotation.propagation_minutes >= 0 && var.rotation.propagation_minutes <= 10
    error_message = "rotation.propagation_minutes must lie between 0 and 10; got ${var.rotation.propagation_minutes}."
  }

  # A key group holds five keys. While a rotation runs it needs the pending and the current one, so three places are left
  # for keys that were replaced and whose cookies may still live: the sum is retire_after_minutes in rotator.tf.
  validation {
    condition = (
      var.cookie_ttl_minutes + var.signer_cache.fresh_minutes + var.signer_cache.stale_minutes + var.rotation.propagation_minutes + 5
      <= 3 * 1440 * var.rotation.interval_days
    )
    error_message = "rotation.interval_days must be at least a third of the time that a replaced key stays trusted, because a key group holds five keys: cookie_ttl_minutes (${var.cookie_ttl_minutes}) + signer_cache.fresh_minutes (${var.signer_cache.fresh_minutes}) + signer_cache.stale_minutes (${var.signer_cache.stale_minutes}) + rotation.propagation_minutes (${var.rotation.propagation_minutes}) + 5 minutes; got ${var.rotation.interval_days}."
  }

  # Whoever set it would learn of it from an alarm, a month later: the first key is not tried, the second one is.
  validation {
    condition     = !coalesce(var.rotation.probe_enabled, false) || !local.rotator_kept_out
    error_message = "rotation.probe_enabled must not be true while viewer_restrictions keep the United States out, where the rotator is; got ${length(local.countries_allowed) > 0 ? "countries_allowed" : "countries_denied"} ${join(", ", concat(local.countries_allowed, local.countries_denied))}. Leave it out, or let US come."
  }
}
