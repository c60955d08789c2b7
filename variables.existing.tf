# The public interface: what you have already and bring along. docs/bring-your-own.md has an example of each.
#
# Where the module makes something or not by one of these, it is an object: null or not is known even if the ids in it are
# made in the same apply. And none but var.distribution may look at it: callers put there a distribution that was made
# with outputs of this module, so whatever those depend on must not depend on it.

variable "bucket" {
  description = <<-EOT
    A bucket that you already have. Null, the default, makes one. The module writes nothing into it, not even its settings;
    the bucket_policy_json output is what the distribution needs to read it.
    - name: name of the bucket
    - regional_domain_name: its host name at S3, default <name>.s3.<region of the provider>.amazonaws.com
    - policy_attached: whether the module attaches that policy, in place of the one that the bucket has, default false
  EOT
  type = object({
    name                 = string
    regional_domain_name = optional(string)
    policy_attached      = optional(bool, false)
  })
  default = null

  # Amazon S3 User Guide, General purpose bucket naming rules. A dot would not be covered by S3's certificate.
  validation {
    condition     = var.bucket == null || can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket.name))
    error_message = "bucket.name must be the name of an S3 bucket: 3 to 63 lower-case letters, digits and dashes, and no dots, with which S3's certificate does not hold; got ${try(coalesce(var.bucket.name), "null")}."
  }

  validation {
    condition     = try(var.bucket.regional_domain_name, null) == null || can(regex("^[a-z0-9-]+\\.s3[.-][a-z0-9.-]+$", var.bucket.regional_domain_name))
    error_message = "bucket.regional_domain_name must be the bucket's host name in its region, such as photos.s3.eu-west-1.amazonaws.com; got ${try(coalesce(var.bucket.regional_domain_name), "an empty string")}."
  }

  validation {
    condition     = var.bucket == null || length(local.own_bucket_settings) == 0
    error_message = "bucket must come without settings for a bucket that the module makes, because it does not touch those of a bucket of yours: remove ${join(", ", local.own_bucket_settings)}, and set the like at your bucket."
  }
}

variable "distribution" {
  description = <<-EOT
    A distribution that you already have. Null, the default, makes one. The distribution_parts output has the origins and
    behaviours to put into yours, as examples/existing-distribution does.
    - arn: ARN of the distribution
    - hosts: host names under which people reach it, the first of which becomes the url output
  EOT
  type = object({
    arn   = string
    hosts = list(string)
  })
  default = null

  validation {
    condition     = var.distribution == null || can(regex("^arn:[a-z-]+:cloudfront::[0-9]{12}:distribution/[A-Z0-9]+$", var.distribution.arn))
    error_message = "distribution.arn must be the ARN of a CloudFront distribution, such as arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5; got ${try(coalesce(var.distribution.arn), "null")}."
  }

  # With a port for an AWS that runs on one's own machine.
  validation {
    condition     = var.distribution == null || try(length(var.distribution.hosts) >= 1 && alltrue([for host in var.distribution.hosts : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9](:[0-9]{1,5})?$", host))]), false)
    error_message = "distribution.hosts must be at least one full host name, in lower case without wildcard, scheme or path; got ${try(join(", ", var.distribution.hosts), "null")}."
  }

  validation {
    condition     = var.distribution == null || length(local.own_distribution_settings) == 0
    error_message = "distribution must come without settings for a distribution that the module makes, because it does not touch yours: remove ${join(", ", local.own_distribution_settings)}, and set the like at your distribution."
  }
}

variable "dns_zone" {
  description = <<-EOT
    Route 53 zone in which the module makes records for the aliases. Null, the default, leaves DNS to you.
    - id: id of the hosted zone
  EOT
  type = object({
    id = string
  })
  default = null

  validation {
    condition     = var.dns_zone == null || can(regex("^[A-Z0-9]{1,32}$", var.dns_zone.id))
    error_message = "dns_zone.id must be the id of a Route 53 hosted zone, such as Z0123456789ABCDEFGHIJ; got ${try(coalesce(var.dns_zone.id), "null")}."
  }

  validation {
    condition     = var.dns_zone == null || length(var.aliases) > 0
    error_message = "dns_zone must come with aliases, whose records it takes; got ${try(coalesce(var.dns_zone.id), "null")} and no aliases."
  }
}

variable "viewer_restrictions" {
  description = <<-EOT
    Who may not come at all, whatever cookies they have. Null, the default, lets everybody come as far as the signature.
    - web_acl_arn: ARN of a WAF web ACL for CloudFront, default none
    - countries_allowed: countries from which people may come, as ISO 3166-1 alpha-2 codes, default all
    - countries_denied: countries from which they may not, instead of countries_allowed, default none
  EOT
  type = object({
    web_acl_arn       = optional(string)
    countries_allowed = optional(set(string), [])
    countries_denied  = optional(set(string), [])
  })
  default = null

  # A web ACL of another scope is in the same region with another path, and CloudFront refuses it.
  validation {
    condition     = try(var.viewer_restrictions.web_acl_arn, null) == null || can(regex("^arn:[a-z-]+:wafv2:us-east-1:[0-9]{12}:global/webacl/.+$", var.viewer_restrictions.web_acl_arn))
    error_message = "viewer_restrictions.web_acl_arn must be the ARN of a WAF web ACL with scope CLOUDFRONT, which is in us-east-1; got ${try(coalesce(var.viewer_restrictions.web_acl_arn), "an empty string")}."
  }

  validation {
    condition     = var.viewer_restrictions == null || try(alltrue([for code in setunion(var.viewer_restrictions.countries_allowed, var.viewer_restrictions.countries_denied) : can(regex("^[A-Z]{2}$", code))]), false)
    error_message = "viewer_restrictions.countries_allowed and viewer_restrictions.countries_denied must be codes of two capital letters, such as DE; got ${try(join(", ", setunion(var.viewer_restrictions.countries_allowed, var.viewer_restrictions.countries_denied)), "null")}."
  }

  validation {
    condition     = var.viewer_restrictions == null || try(length(var.viewer_restrictions.countries_allowed) == 0 || length(var.viewer_restrictions.countries_denied) == 0, false)
    error_message = "viewer_restrictions must have countries_allowed or countries_denied, not both, because CloudFront keeps one list; got ${try(join(", ", var.viewer_restrictions.countries_allowed), "null")} and ${try(join(", ", var.viewer_restrictions.countries_denied), "null")}."
  }

  # Terraform drops attributes that it does not know, and a misspelt one would protect nothing.
  validation {
    condition     = var.viewer_restrictions == null || try(var.viewer_restrictions.web_acl_arn != null || length(setunion(var.viewer_restrictions.countries_allowed, var.viewer_restrictions.countries_denied)) > 0, true)
    error_message = "viewer_restrictions must restrict something by web_acl_arn, countries_allowed or countries_denied, or be null; got none of them."
  }
}

variable "access_logs" {
  description = <<-EOT
    Access logs of the distribution, delivered to a bucket (standard logging v2). Null, the default, keeps none.
    - bucket_arn: ARN of a bucket whose policy lets delivery.logs.amazonaws.com write
    - prefix: beginning of the keys, default none
    - format: json, plain, w3c or parquet, default json
    - fields: what is logged of each request, default everything but cookies, query strings and referrers, with which whoever reads the logs could come in
  EOT
  type = object({
    bucket_arn = string
    prefix     = optional(string)
    format     = optional(string, "json")
    fields     = optional(list(string))
  })
  default = null

  validation {
    condition     = var.access_logs == null || can(regex("^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.access_logs.bucket_arn))
    error_message = "access_logs.bucket_arn must be the ARN of an S3 bucket, such as arn:aws:s3:::acme-logs; got ${try(coalesce(var.access_logs.bucket_arn), "null")}."
  }

  validation {
    condition     = try(var.access_logs.prefix, null) == null || can(regex("^[A-Za-z0-9!_.*'()-]+(/[A-Za-z0-9!_.*'()-]+)*$", var.access_logs.prefix))
    error_message = "access_logs.prefix must be a folder without slashes at its ends; got ${try(coalesce(var.access_logs.prefix), "an empty string")}."
  }

  validation {
    condition     = var.access_logs == null || try(contains(["json", "plain", "w3c", "parquet"], var.access_logs.format), false)
    error_message = "access_logs.format must be json, plain, w3c or parquet; got ${try(coalesce(var.access_logs.format), "null")}."
  }

  validation {
    condition     = try(var.access_logs.fields, null) == null || try(length(var.access_logs.fields) >= 1 && alltrue([for field in var.access_logs.fields : can(regex("^[A-Za-z0-9()-]+$", field))]), false)
    error_message = "access_logs.fields must be names of CloudFront's log fields, such as date or cs(Host), and at least one; got ${try(join(", ", var.access_logs.fields), "null")}."
  }
}

variable "response_headers_policy" {
  description = <<-EOT
    Response headers policy of your own for all content, in place of the module's; the pages of the sign-in and uploads keep
    theirs. It is up to it then to send HSTS, CORS for allowed_origins and a content security policy. Null is the module's.
    - id: id of the policy
  EOT
  type = object({
    id = string
  })
  default = null

  validation {
    condition     = var.response_headers_policy == null || can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.response_headers_policy.id))
    error_message = "response_headers_policy.id must be the id of a response headers policy, such as 67f7725c-6f97-4210-82d7-5512b31e9d03; got ${try(coalesce(var.response_headers_policy.id), "null")}."
  }

  validation {
    condition     = var.response_headers_policy == null || var.content_security_policy == null
    error_message = "response_headers_policy must not come with content_security_policy, which belongs into that policy then; got ${coalesce(var.content_security_policy, "null")}."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds the permissions of every role that the module makes, as some companies ask of theirs. Null sets none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be the ARN of an IAM policy; got ${coalesce(var.permissions_boundary_arn, "an empty string")}."
  }
}

variable "kms_key_arns" {
  description = <<-EOT
    Keys of KMS that encrypt what the module keeps, in place of AWS's own. The policies of the roles follow;
    docs/bring-your-own.md has what the keys' own policies have to say.
    - bucket: key in the bucket's region for the content, default none
    - secrets: key in us-east-1 for the secrets, default none
    - logs: key in us-east-1 for the log groups, default none
  EOT
  type = object({
    bucket  = optional(string)
    secrets = optional(string)
    logs    = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for arn in [var.kms_key_arns.bucket, var.kms_key_arns.secrets, var.kms_key_arns.logs] : arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", arn))])
    error_message = "kms_key_arns must be ARNs of KMS keys, not of aliases; got ${join(", ", [for arn in [var.kms_key_arns.bucket, var.kms_key_arns.secrets, var.kms_key_arns.logs] : coalesce(arn, "null")])}."
  }

  validation {
    condition     = alltrue([for arn in [var.kms_key_arns.secrets, var.kms_key_arns.logs] : arn == null || try(split(":", arn)[3] == "us-east-1", false)])
    error_message = "kms_key_arns.secrets and kms_key_arns.logs must be keys in us-east-1, where the secrets and the log groups are; got ${coalesce(var.kms_key_arns.secrets, "null")} and ${coalesce(var.kms_key_arns.logs, "null")}."
  }
}
