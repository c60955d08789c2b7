# The public interface: how it runs, who is told, and what the whole account shares.

variable "lambda_runtime" {
  description = "Lambda runtime of both functions. Newer ones than the default need a newer provider than 5.100."
  type        = string
  default     = "nodejs22.x"
  nullable    = false

  validation {
    condition     = can(regex("^nodejs(2[2-9]|[3-9][0-9])\\.x$", var.lambda_runtime))
    error_message = "lambda_runtime must be nodejs22.x or newer; got ${var.lambda_runtime}."
  }
}

variable "log_retention_days" {
  description = "Days after which the functions' log lines in us-east-1 are deleted. The edge function also logs in the other regions where it runs, into groups that Lambda makes and keeps for ever."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs knows (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653); got ${var.log_retention_days}."
  }
}

variable "alarm_actions" {
  description = "ARNs in us-east-1, usually of one SNS topic, that are told when an alarm goes off and when it is over."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.alarm_actions) <= 5 && alltrue([for arn in var.alarm_actions : can(regex("^arn:[a-z-]+:[a-z0-9-]+:us-east-1:[0-9]{12}:.+$", arn))])
    error_message = "alarm_actions must be at most five ARNs in us-east-1, where the alarms are; got ${join(", ", var.alarm_actions)}."
  }
}

variable "parameter_throughput" {
  description = "Parameter Store's throughput in us-east-1, a setting of the whole account: standard (40 calls a second for everything in it) or high (1,000 GetParameters a second; every call in the account and region then costs USD 0.05 per 10,000). null leaves the account's setting alone. One stack of an account may set it: destroying that stack, or going back to null, resets it for everybody to AWS's default, standard."
  type        = string
  default     = null

  validation {
    condition     = var.parameter_throughput == null || contains(["standard", "high"], coalesce(var.parameter_throughput, "standard"))
    error_message = "parameter_throughput must be standard or high, or null to leave the account's setting alone; got ${coalesce(var.parameter_throughput, "null")}."
  }
}
