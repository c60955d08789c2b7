variable "name" {
  description = "Name of the stack."
  type        = string
  default     = "staff"
  nullable    = false
}

variable "region" {
  description = "Region of the bucket."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "user_pool_region" {
  description = "Region of the user pool; default that of the bucket."
  type        = string
  default     = null
}
