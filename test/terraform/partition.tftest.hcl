# ARNs and host names of another partition, whichever it is.

mock_provider "aws" {
  source          = "./test/terraform/mocks/content"
  override_during = plan
}

mock_provider "aws" {
  alias           = "us_east_1"
  source          = "./test/terraform/mocks/home"
  override_during = plan
}

variables {
  name = "photos"
}

override_data {
  override_during = plan
  target          = data.aws_partition.current
  values          = { dns_suffix = "amazonaws.com.cn", partition = "aws-cn" }
}

override_data {
  override_during = plan
  target          = data.aws_region.current
  values          = { id = "cn-north-1", name = "cn-north-1" }
}

run "composes_what_belongs_to_the_partition" {
  command = plan

  variables {
    access_rules         = [{ paths = ["/finance/*"], groups = ["finance"], exclusive = true }]
    bucket               = { name = "acme-photos" }
    kms_key_arns         = { bucket = "arn:aws-cn:kms:cn-north-1:123456789012:key/1" }
    parameter_throughput = "high"
    sign_in              = {}
    uploads              = { everybody_allowed = true, read_enabled = true }
    user_pool            = { id = "cn-north-1_AbC123", client_ids = ["1example23456789"], login_host = "login.example.com" }
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.content.statement : one(statement.resources)] == ["arn:aws-cn:s3:::acme-photos/*", "arn:aws-cn:s3:::acme-photos"]
    error_message = "The policy of the bucket."
  }

  assert {
    condition     = flatten([for statement in data.aws_iam_policy_document.uploader[0].statement : tolist(statement.resources) if statement.sid != "EncryptUploads"]) == ["arn:aws-cn:s3:::acme-photos/uploads/$${cognito-identity.amazonaws.com:sub}/*", "arn:aws-cn:s3:::acme-photos/uploads/$${cognito-identity.amazonaws.com:sub}/*", "arn:aws-cn:s3:::acme-photos"]
    error_message = "What people may do in it."
  }

  assert {
    condition     = one([for statement in data.aws_iam_policy_document.uploader[0].statement : one(one(statement.condition).values) if statement.sid == "EncryptUploads"]) == "s3.cn-north-1.amazonaws.com.cn"
    error_message = "By which service they encrypt."
  }

  assert {
    condition     = [for origin in local.module_origins : origin.domain_name if origin.origin_id == "bucket"] == ["acme-photos.s3.cn-north-1.amazonaws.com.cn"] && local.user_pool_endpoint == "cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbC123"
    error_message = "Host names."
  }

  assert {
    condition     = length(data.aws_iam_policy_document.signer.statement[0].resources) == 3 && alltrue([for resource in data.aws_iam_policy_document.signer.statement[0].resources : startswith(resource, "arn:aws-cn:ssm:us-east-1:123456789012:parameter/")])
    error_message = "What the edge function reads: its configuration and both keys."
  }

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.signer.statement : alltrue([for resource in statement.resources : startswith(resource, "arn:aws-cn:logs:*:123456789012:log-group:/aws/lambda/") if strcontains(resource, ":logs:")])]) && aws_ssm_service_setting.parameter_throughput[0].setting_id == "arn:aws-cn:ssm:us-east-1:123456789012:servicesetting/ssm/parameter-store/high-throughput-enabled"
    error_message = "Where it logs, and the setting of the account."
  }

  # What the mocks made up has ARNs of its own; what the module writes has none of a single partition.
  assert {
    condition     = local.partition == "aws-cn" && length(flatten([for name in fileset(".", "*.tf") : regexall("\"arn:aws[a-z-]*:", file(name))])) == 0
    error_message = "No partition is written out."
  }
}
