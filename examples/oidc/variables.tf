variable "issuer" {
  description = "Issuer of the provider, as it writes it, to the last slash."
  type        = string
  nullable    = false
}

variable "client_id" {
  description = "Id that the provider gave this site."
  type        = string
  nullable    = false
}

variable "name" {
  description = "Name of the stack."
  type        = string
  default     = "welcome"
  nullable    = false
}

variable "region" {
  description = "Region of the bucket."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}
