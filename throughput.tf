# Parameter Store's throughput: 40 calls a second are shared by a whole account, and all replicas of the edge function
# read in us-east-1.

locals {
  parameter_throughput_setting = "arn:${local.partition}:ssm:${local.home_region}:${local.account_id}:servicesetting/ssm/parameter-store/high-throughput-enabled"
}

# A destroy resets it (ResetServiceSetting), and so takes it from whoever else in the account came to rely on it; Terraform
# has no way to make it stay but "terraform state rm". Hence the default of the variable: nothing is touched.
resource "aws_ssm_service_setting" "parameter_throughput" {
  count    = var.parameter_throughput == null ? 0 : 1
  provider = aws.us_east_1

  setting_id    = local.parameter_throughput_setting
  setting_value = tostring(var.parameter_throughput == "high")
}
