# The public interface, ninth part: what the whole account shares.

variable "parameter_throughput" {
  description = "Parameter Store's throughput in us-east-1, a setting of the whole account: standard (40 calls a second for everything in it) or high (1,000 GetParameters a second; every call in the account and region then costs USD 0.05 per 10,000). null leaves the account's setting alone. One stack of an account may set it: destroying that stack, or going back to null, resets it for everybody to AWS's default, standard."
  type        = string
  default     = null

  validation {
    condition     = var.parameter_throughput == null || contains(["standard", "high"], coalesce(var.parameter_throughput, "standard"))
    error_message = "parameter_throughput must be standard or high, or null to leave the account's setting alone; got ${coalesce(var.parameter_throughput, "null")}."
  }
}
