variable "name" {
  description = "Name of the stack."
  type        = string
  default     = "staff"
  nullable    = false
}

variable "region" {
  description = "Region of the bucket and the user pool."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}
