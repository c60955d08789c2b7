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

variable "shop_host" {
  description = "Host of what your distribution served before."
  type        = string
  default     = "shop.example.com"
  nullable    = false
}

variable "shop_port" {
  description = "Its TCP port; any other than 443 is asked without TLS."
  type        = number
  default     = 443
  nullable    = false
}
