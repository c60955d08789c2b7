# The public interface: the name, the content and the distribution. main.tf has a map of the other parts.

variable "name" {
  description = "Name of the stack, in lower case. Every resource is named after it, so two stages in one account need two names, such as photos-dev and photos-prod."
  type        = string
  nullable    = false

  # 36 characters is what an S3 bucket prefix leaves (37 with the dash); all other derived names have room for more.
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,34}[a-z0-9]$", var.name))
    error_message = "name must have 3 to 36 characters, lower-case letters, digits and dashes, begin with a letter and not end with a dash; got ${var.name}."
  }

  # Systems Manager refuses parameters whose name begins so (PutParameter, Name).
  validation {
    condition     = !startswith(var.name, "aws") && !startswith(var.name, "ssm")
    error_message = "name must not begin with aws or ssm, because Systems Manager reserves such parameter names; got ${var.name}."
  }
}

variable "tags" {
  description = "Tags for every resource that takes them, besides the provider's default_tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

# Content

variable "bucket_force_destroy" {
  description = "Whether terraform destroy may delete a bucket that still holds objects. Leave it off where the bucket is the only copy."
  type        = bool
  default     = false
  nullable    = false
}

variable "versioning" {
  description = <<-EOT
    Whether the bucket keeps what was overwritten or deleted.
    - enabled: keep noncurrent versions, default false
    - noncurrent_days: days after which they are removed for good, default 30
  EOT
  type = object({
    enabled         = optional(bool, false)
    noncurrent_days = optional(number, 30)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.versioning.noncurrent_days >= 1 && floor(var.versioning.noncurrent_days) == var.versioning.noncurrent_days
    error_message = "versioning.noncurrent_days must be a whole number of at least 1; got ${var.versioning.noncurrent_days}."
  }
}

variable "allowed_origins" {
  description = "Web origins other than the distribution's own that may fetch cookies and content with credentials, and upload, such as https://app.example.com. Exact values, no wildcards. An origin on another registrable domain also needs cookie_same_site = \"None\"."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.allowed_origins) <= 100
    error_message = "allowed_origins must not hold more than 100 origins; got ${length(var.allowed_origins)}."
  }

  validation {
    condition     = alltrue([for origin in var.allowed_origins : can(regex("^(https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[a-z][a-z0-9+.-]*://localhost)(:[0-9]{1,5})?$", origin))])
    error_message = "allowed_origins must each be https:// and a lower-case host without path or wildcard (https://app.example.com), or localhost with a scheme (http://localhost:5173, capacitor://localhost); got ${join(", ", var.allowed_origins)}."
  }
}

# Distribution

variable "aliases" {
  description = "Host names of your own for the distribution, such as photos.example.com; the first one becomes the url output. Point their DNS records at the distribution_domain_name output. Needs certificate_arn."
  type        = list(string)
  default     = []
  nullable    = false

  # Policies and cookies name the exact host, so a wildcard alias could never be matched.
  validation {
    condition     = alltrue([for alias in var.aliases : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]$", alias))])
    error_message = "aliases must each be a full host name in lower case without wildcard, scheme or port; got ${join(", ", var.aliases)}."
  }
}

variable "certificate_arn" {
  description = "ARN of the ACM certificate in us-east-1 that covers all aliases. Null uses CloudFront's own certificate and host name."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:us-east-1:[0-9]{12}:certificate/.+$", var.certificate_arn))
    error_message = "certificate_arn must be the ARN of an ACM certificate in us-east-1, the only region CloudFront reads; got ${coalesce(var.certificate_arn, "null")}."
  }

  # Both ways in one place: validations of two variables may not refer to each other.
  validation {
    condition     = (var.certificate_arn == null) == (length(var.aliases) == 0)
    error_message = "certificate_arn must be given with aliases, and only with them; got ${coalesce(var.certificate_arn, "null")} and aliases [${join(", ", var.aliases)}]."
  }
}

variable "minimum_tls_version" {
  description = "Oldest TLS policy that viewers may use; in force with certificate_arn only, because CloudFront fixes it to TLSv1 for its own certificate. The policies of 2025 need a newer provider than 5.100."
  type        = string
  default     = "TLSv1.2_2021"
  nullable    = false

  validation {
    condition     = contains(["TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"], var.minimum_tls_version)
    error_message = "minimum_tls_version must be TLSv1.2_2019, TLSv1.2_2021, TLSv1.2_2025 or TLSv1.3_2025; got ${var.minimum_tls_version}."
  }
}

variable "price_class" {
  description = "Where CloudFront serves from: PriceClass_All is the whole world, PriceClass_200 and PriceClass_100 leave out the dearer edge locations."
  type        = string
  default     = "PriceClass_All"
  nullable    = false

  validation {
    condition     = contains(["PriceClass_All", "PriceClass_200", "PriceClass_100"], var.price_class)
    error_message = "price_class must be PriceClass_All, PriceClass_200 or PriceClass_100; got ${var.price_class}."
  }
}

variable "default_root_object" {
  description = "Object that answers a request for the bare host name; it need not exist."
  type        = string
  default     = "index.html"
  nullable    = false

  # There always is one: without it the bare host name would ask S3 for the bucket itself, and S3 would list every key.
  validation {
    condition     = can(regex("^[^/].*$", var.default_root_object))
    error_message = "default_root_object must be the key of an object, without a leading slash; got ${coalesce(var.default_root_object, "an empty string")}."
  }
}

variable "site_mode" {
  description = <<-EOT
    What a path without a file stands for.
    - files: nothing; what is served is exactly the key that is asked for
    - website: its index.html, if it is a directory: /docs/ is docs/index.html, and /docs goes to /docs/
    - spa: /index.html, in every navigation to a path without a file name extension, whatever access_rules open besides
      that path, but for public_paths, where that private page would be shown to strangers
  EOT
  type        = string
  default     = "files"
  nullable    = false

  validation {
    condition     = contains(["files", "website", "spa"], var.site_mode)
    error_message = "site_mode must be files, website or spa; got ${var.site_mode}."
  }
}

variable "public_paths" {
  description = "Path patterns of CloudFront (* is any text, ? any one character) that everybody may read without cookies, such as gallery/* or *.css. Everything else stays private."
  type        = list(string)
  default     = []
  nullable    = false

  # The quota is 75 behaviours a distribution; up to four are the module's own (CloudFront Developer Guide, Quotas).
  validation {
    condition     = length(var.public_paths) <= 50
    error_message = "public_paths must not hold more than 50 patterns; got ${length(var.public_paths)}."
  }

  validation {
    condition     = alltrue([for path in var.public_paths : can(regex("^/?[A-Za-z0-9_.~@:*?-][A-Za-z0-9_./~@:*?-]{0,253}$", path))])
    error_message = "public_paths must each be a path pattern of letters, digits, _ - . / ~ @ : * and ?; got ${join(", ", var.public_paths)}."
  }

  # The pattern as a regular expression, against the one path on which the rotator proves a new key. It covers "*" too.
  validation {
    condition = alltrue([for path in var.public_paths : !can(regex(
      "^${replace(replace(replace(trimprefix(path, "/"), ".", "\\."), "*", ".*"), "?", ".")}$", ".well-known/signing-key-probe"
    ))])
    error_message = "public_paths must not cover .well-known/signing-key-probe, where every new key is proved, so neither everything nor .well-known/*; list the public files one by one. Got ${join(", ", var.public_paths)}."
  }

  validation {
    condition = alltrue([for path in var.public_paths : !startswith(trimprefix(path, "/"), "cookie/") && !startswith(trimprefix(path, "/"), ".sign-in/") && !can(regex(
      "^${replace(replace(replace(trimprefix(path, "/"), ".", "\\."), "*", ".*"), "?", ".")}$", "cookie/"
    ))])
    error_message = "public_paths must leave cookie/* and .sign-in/* to the module; got ${join(", ", var.public_paths)}."
  }

  validation {
    condition     = alltrue([for path in var.public_paths : try(!startswith(trimprefix(path, "/"), "${var.uploads.prefix}/"), true)])
    error_message = "public_paths must not lie inside uploads.prefix, which goes first because uploads are shown in a sandbox of their own; got ${join(", ", var.public_paths)} and uploads.prefix ${try(var.uploads.prefix, "null")}. Keep public files elsewhere."
  }
}

variable "content_security_policy" {
  description = "Value of the Content-Security-Policy header on all content, such as \"default-src 'self'\". Null sends none, because only you know what your pages load."
  type        = string
  default     = null

  validation {
    condition     = var.content_security_policy == null || can(regex("^[^\\r\\n]+$", var.content_security_policy))
    error_message = "content_security_policy must be a single line that is not empty; got ${jsonencode(var.content_security_policy)}."
  }
}
