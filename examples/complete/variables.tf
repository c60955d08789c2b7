variable "name" {
  description = "Name of the stack."
  type        = string
  default     = "gallery"
  nullable    = false
}

variable "region" {
  description = "Region of the bucket and the user pool."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "login_domain" {
  description = "Host of the login page; null for one of Cognito's."
  type        = string
  default     = null
}

variable "login_domain_certificate_arn" {
  description = "Certificate in us-east-1 for a login_domain that is a host name."
  type        = string
  default     = null
}

variable "propagation_minutes" {
  description = "Minutes allowed for a new key to reach every edge location before it signs; 0 where there is only one."
  type        = number
  default     = 5
  nullable    = false
}
