variable "region" {
  description = "Where the bucket and the user pool are."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "propagation_minutes" {
  description = "How long a new signing key is given to reach every edge location; 0 only where there is one, as on the local AWS."
  type        = number
  default     = 5
  nullable    = false
}
