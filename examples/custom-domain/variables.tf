variable "name" {
  description = "Name of the stack."
  type        = string
  default     = "photos"
  nullable    = false
}

variable "region" {
  description = "Region of the bucket and the user pool."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "domain" {
  description = "Domain with a hosted zone in this account."
  type        = string
  default     = "example.com"
  nullable    = false
}

variable "host_names" {
  description = "Names of the hosts in it."
  type        = list(string)
  default     = ["photos", "films"]
  nullable    = false
}

variable "cookie_domain" {
  description = "Domain whose hosts share cookies; null for cookies that stay with their host."
  type        = string
  default     = null
}
