# The public interface: what else to hang on the distribution. docs/bring-your-own.md has examples.

variable "origins" {
  description = <<-EOT
    Further origins behind the same cookies, by name: an API, an older site, another bucket. docs/bring-your-own.md tells
    how an origin can be closed to everybody but the distribution.
    - domain_name: host of the origin; of a bucket the regional domain name
    - path_patterns: path patterns of CloudFront that go there, such as api/*
    - kind: http, s3 (read with the distribution's access control; the bucket's policy has to let it), or vpc, default http
    - vpc_origin_id: id of the VPC origin, for kind vpc, default none
    - signature_required: whether signed cookies are asked for, default true
    - writes_allowed: whether POST, PUT, PATCH and DELETE go there too, default false
    - protocol: how CloudFront asks, https or http, default https; for kind http alone
    - port: TCP port 80, 443 or from 1024 on, default the protocol's; for kind http alone
    - path_prefix: put before each path, such as /v1, default none
    - headers: headers that CloudFront adds to each request, default none; their values are in the state, so mark them sensitive
    - cache_policy_id: default Managed-CachingDisabled, for s3 Managed-CachingOptimized
    - origin_request_policy_id: default all of the request but the host, the signed cookies and the session, for s3 none
    - response_headers_policy_id: default that of the content
  EOT
  type = map(object({
    domain_name                = string
    path_patterns              = list(string)
    kind                       = optional(string, "http")
    vpc_origin_id              = optional(string)
    signature_required         = optional(bool, true)
    writes_allowed             = optional(bool, false)
    protocol                   = optional(string, "https")
    port                       = optional(number)
    path_prefix                = optional(string)
    headers                    = optional(map(string), {})
    cache_policy_id            = optional(string)
    origin_request_policy_id   = optional(string)
    response_headers_policy_id = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(var.origins) <= 20 && alltrue([for name in keys(var.origins) : can(regex("^[a-z][a-z0-9-]{0,62}$", name)) && !contains(["bucket", "pages"], name)])
    error_message = "origins must be at most 20, with names of lower-case letters, digits and dashes other than bucket and pages, which are the module's; got ${join(", ", keys(var.origins))}."
  }

  validation {
    condition     = alltrue([for origin in values(var.origins) : can(regex("^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", origin.domain_name))])
    error_message = "origins must have a domain_name in lower case without scheme, port and path; got ${join(", ", [for name, origin in var.origins : "${name}: ${try(coalesce(origin.domain_name), "null")}"])}."
  }

  validation {
    condition     = alltrue([for origin in values(var.origins) : try(contains(["http", "s3", "vpc"], origin.kind) && contains(["http", "https"], origin.protocol) && (origin.kind == "vpc") == (origin.vpc_origin_id != null), false)])
    error_message = "origins must have kind http, s3 or vpc, protocol http or https, and a vpc_origin_id for kind vpc alone; got ${join(", ", [for name, origin in var.origins : "${name}: ${try(coalesce(origin.kind), "null")} by ${try(coalesce(origin.protocol), "null")}"])}."
  }

  validation {
    condition     = alltrue([for origin in values(var.origins) : origin.kind == "http" || origin.port == null && origin.protocol == "https"])
    error_message = "origins must have protocol and port for kind http alone, because a bucket has none and a VPC origin its own; got ${join(", ", [for name, origin in var.origins : name if origin.kind != "http" && (origin.port != null || origin.protocol != "https")])}."
  }

  # CloudFront Developer Guide, Origin settings, HTTP port and HTTPS port.
  validation {
    condition     = alltrue([for origin in values(var.origins) : origin.port == null || try((contains([80, 443], origin.port) || origin.port >= 1024 && origin.port <= 65535) && floor(origin.port) == origin.port, false)])
    error_message = "origins must have port 80, 443 or one from 1024 to 65535, which CloudFront takes; got ${join(", ", [for name, origin in var.origins : "${name}: ${try(coalesce(origin.port), "null")}"])}."
  }

  validation {
    condition     = alltrue([for origin in values(var.origins) : origin.path_prefix == null || can(regex("^/[A-Za-z0-9._~!$&'()+,=:@/-]*[A-Za-z0-9._~!$&'()+,=:@-]$", origin.path_prefix))])
    error_message = "origins must have a path_prefix that begins with a slash and does not end with one; got ${join(", ", [for name, origin in var.origins : "${name}: ${try(coalesce(origin.path_prefix), "null")}"])}."
  }

  # No values in the message: they may be secret.
  validation {
    condition     = alltrue([for origin in values(var.origins) : try(length(origin.headers) <= 10 && alltrue([for name in keys(origin.headers) : can(regex("^[A-Za-z0-9-]{1,64}$", name))]), false)])
    error_message = "origins must have at most 10 headers, with names of letters, digits and dashes; got ${join(", ", flatten([for name, origin in var.origins : [for header in try(keys(origin.headers), ["null"]) : "${name}: ${header}"]]))}."
  }

  validation {
    condition     = alltrue([for origin in values(var.origins) : try(length(origin.path_patterns) >= 1, false) && alltrue([for path in try(tolist(origin.path_patterns), []) : can(regex("^/?[A-Za-z0-9_.~@:*?-][A-Za-z0-9_./~@:*?-]{0,253}$", path))])])
    error_message = "origins must have path_patterns of letters, digits, _ - . / ~ @ : * and ?, at least one each; got ${join(", ", flatten([for name, origin in var.origins : [for path in try(tolist(origin.path_patterns), ["none"]) : "${name}: ${path}"]]))}."
  }

  # A distribution takes 75 behaviours (CloudFront Developer Guide, Quotas).
  validation {
    condition     = length(flatten(values(var.origins)[*].path_patterns)) <= 20 && length(distinct([for path in flatten(values(var.origins)[*].path_patterns) : trimprefix(coalesce(path, "-"), "/")])) == length(flatten(values(var.origins)[*].path_patterns))
    error_message = "origins must have at most 20 path_patterns together, each of them once; got ${join(", ", flatten(values(var.origins)[*].path_patterns))}."
  }

  # As in public_paths.
  validation {
    condition = alltrue([for path in flatten(values(var.origins)[*].path_patterns) : !startswith(trimprefix(path, "/"), "cookie/") && !startswith(trimprefix(path, "/"), ".sign-in/") && !can(regex(
      "^${replace(replace(replace(trimprefix(path, "/"), ".", "\\."), "*", ".*"), "?", ".")}$", ".well-known/signing-key-probe"
    ))])
    error_message = "origins must leave cookie/*, .sign-in/* and .well-known/signing-key-probe, where every new key is proved, to the module; got ${join(", ", flatten(values(var.origins)[*].path_patterns))}."
  }

  validation {
    condition     = alltrue([for path in flatten(values(var.origins)[*].path_patterns) : try(!startswith(trimprefix(path, "/"), "${var.uploads.prefix}/"), true)])
    error_message = "origins must not have path_patterns inside uploads.prefix, which goes first because uploads are shown in a sandbox of their own; got ${join(", ", flatten(values(var.origins)[*].path_patterns))} and uploads.prefix ${try(var.uploads.prefix, "null")}. Put them side by side."
  }
}
