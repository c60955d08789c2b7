variable "first_user" {
  description = "E-mail address of the first person who may sign in."
  type        = string
  nullable    = false
}

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
