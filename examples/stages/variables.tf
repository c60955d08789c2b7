variable "stage" {
  description = "Which stage this is."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "stage", "prod"], var.stage)
    error_message = "stage must be dev, stage or prod; got ${var.stage}."
  }
}

variable "region" {
  description = "Region of the bucket and the user pool."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "disposable" {
  description = "Whether the stage may be destroyed with all that is in it."
  type        = bool
  default     = false
  nullable    = false
}

variable "alarm_actions" {
  description = "Who is told of an alarm."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "aliases" {
  description = "Host names of the stage."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "auth_flows" {
  description = "Ways to sign in besides the login page."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "certificate_arn" {
  description = "Certificate for the aliases."
  type        = string
  default     = null
}

variable "cookie_ttl_minutes" {
  description = "How long cookies are valid."
  type        = number
  default     = 60
  nullable    = false
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 90
  nullable    = false
}

variable "mfa" {
  description = "Second factor: OFF, OPTIONAL or ON."
  type        = string
  default     = "OFF"
  nullable    = false
}

variable "price_class" {
  description = "Where CloudFront serves from."
  type        = string
  default     = "PriceClass_All"
  nullable    = false
}

variable "rotation" {
  description = "When signing keys change."
  type = object({
    interval_days       = optional(number, 30)
    propagation_minutes = optional(number, 5)
  })
  default  = {}
  nullable = false
}
