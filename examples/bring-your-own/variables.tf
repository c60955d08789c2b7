variable "name" {
  description = "Name of the stack."
  type        = string
  default     = "company"
  nullable    = false
}

variable "region" {
  description = "Region of the buckets and the user pool."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "api_host" {
  description = "Host of an API of yours."
  type        = string
  default     = "api.example.com"
  nullable    = false
}

variable "api_port" {
  description = "Its TCP port; any other than 443 is asked without TLS."
  type        = number
  default     = 443
  nullable    = false
}

variable "origin_secret" {
  description = "What the API and the distribution know and nobody else. It is in the state, because the distribution's configuration holds it."
  type        = string
  nullable    = false
  sensitive   = true
}
