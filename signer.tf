# The edge function behind cookie/*: it signs people in, verifies tokens, and answers with signed cookies.
#
# Lambda@Edge has no environment variables. The function finds its configuration and its signing key by its own name,
# in one GetParameters call, so one zip serves every stage and nothing is templated into code.

locals {
  # CloudFront's replicas keep a deleted function alive for hours. A name that never comes back lets a stack be
  # destroyed and made again meanwhile; the role's unique id gives it without another provider.
  signer_name                      = "${var.name}-signer-${substr(lower(aws_iam_role.signer.unique_id), -8, 8)}"
  signer_configuration_name        = "/${local.signer_name}/configuration"
  signing_key_secret_name          = "${local.signer_name}/signing-key"
  signing_key_reference            = "/aws/reference/secretsmanager/${local.signing_key_secret_name}"
  home_parameter_arn               = "arn:${local.partition}:ssm:${local.home_region}:${local.account_id}:parameter"
  signer_zip                       = "${path.module}/dist/edge-cache-request-signer.zip"
  signer_log_group_names           = ["/aws/lambda/${local.signer_name}", "/aws/lambda/${local.home_region}.${local.signer_name}"]
  client_secret_name               = "${local.signer_name}/client-secret"
  client_secret_reference          = "/aws/reference/secretsmanager/${local.client_secret_name}"
  signer_configuration_limit_bytes = 8192

  # The signing keys by the beginning of their names, which no other stack has. One name that the role may not read
  # fails the whole call, and while an exclusive rule goes, the parameter names its key longer than there is a secret.
  signing_key_arn_pattern = "arn:${local.partition}:secretsmanager:${local.home_region}:${local.account_id}:secret:${local.signing_key_secret_name}-*"
  signer_secret_arns      = concat([local.signing_key_arn_pattern], aws_secretsmanager_secret.client[*].arn)

  # What is not used is absent, which is what the function expects.
  signer_configuration = jsonencode(merge(concat(
    [{
      version = 1
      hosts   = local.hosts
      grants  = local.grants
      cookies = merge(
        {
          lifetimeSeconds = var.cookie_ttl_minutes * 60
          sameSite        = var.cookie_same_site
          hashAlgorithm   = var.signature_hash_algorithm
          bindToIp        = var.cookie_scope.bound_to_ip
        },
        var.cookie_scope.domain == null ? {} : { domain = var.cookie_scope.domain },
        var.cookie_scope.partitioned ? { partitioned = true } : {},
      )
      cors  = { allowedOrigins = var.allowed_origins }
      cache = { freshSeconds = floor(var.signer_cache.fresh_minutes * 60), staleSeconds = floor(var.signer_cache.stale_minutes * 60) }
    }],
    [for pool in local.uses_oidc ? [] : [local.user_pool_id] : {
      userPool = { id = pool, clientIds = local.client_ids, tokenUses = sort(var.accepted_tokens) }
    }],
    [for provider in local.oidc : {
      oidc = { for name in ["issuer", "jwksUri", "audiences", "groupsClaim", "namesItself"] : name => provider[name] }
    }],
    [for sign_in in local.sign_in : { signIn = sign_in }],
    [for labels in [sort(local.exclusive_labels)] : { exclusiveSigningKeys = labels } if length(labels) > 0],
    [for paths in [var.bearer_paths] : { bearerPaths = [for path in paths : "/${trimprefix(path, "/")}"] } if length(paths) > 0],
    [for links in var.signed_urls[*] : { signedUrls = { longestSeconds = coalesce(links.longest_minutes, var.cookie_ttl_minutes) * 60 } }],
  )...))
}

# Replicas assume the role as edgelambda (CloudFront Developer Guide, Set up IAM permissions and roles for Lambda@Edge).
data "aws_iam_policy_document" "signer_trust" {
  statement {
    sid     = "LambdaAndItsReplicas"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "signer" {
  name                 = "${var.name}-signer"
  assume_role_policy   = data.aws_iam_policy_document.signer_trust.json
  permissions_boundary = var.permissions_boundary_arn

  tags = var.tags
}

data "aws_iam_policy_document" "signer" {
  statement {
    sid     = "ReadConfigurationAndKey"
    actions = ["ssm:GetParameters"]
    resources = concat(
      [for name in [local.signer_configuration_name, local.signing_key_reference, "${local.signing_key_reference}-*"] : "${local.home_parameter_arn}${name}"],
      [for secret in aws_secretsmanager_secret.client : "${local.home_parameter_arn}${local.client_secret_reference}"],
    )
  }

  # Parameter Store asks Secrets Manager in the caller's name.
  statement {
    sid       = "ReadKeyThroughParameterStore"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = local.signer_secret_arns
  }

  # Secrets Manager asks KMS in the caller's name, and names the secret (Secrets Manager User Guide, Secret encryption and
  # decryption).
  dynamic "statement" {
    for_each = var.kms_key_arns.secrets[*]

    content {
      sid       = "DecryptSecrets"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringLike"
        variable = "kms:EncryptionContext:SecretARN"
        values   = local.signer_secret_arns
      }
    }
  }

  # Replicas log in the region where they run, into groups that Lambda makes there on first use.
  statement {
    sid       = "LogInEveryRegion"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [for name in local.signer_log_group_names : "arn:${local.partition}:logs:*:${local.account_id}:log-group:${name}:*"]
  }
}

resource "aws_iam_role_policy" "signer" {
  name   = "signer"
  role   = aws_iam_role.signer.id
  policy = data.aws_iam_policy_document.signer.json
}

resource "aws_lambda_function" "signer" {
  #checkov:skip=CKV_AWS_50:Lambda@Edge knows no X-Ray (CloudFront Developer Guide, Restrictions on Lambda@Edge)
  #checkov:skip=CKV_AWS_115:Lambda@Edge knows no reserved concurrency
  #checkov:skip=CKV_AWS_116:Lambda@Edge knows no dead-letter queue, and a viewer waits for the answer
  #checkov:skip=CKV_AWS_117:Lambda@Edge cannot join a VPC
  #checkov:skip=CKV_AWS_272:the zip is reproducible and committed; its hash in dist/manifest.json is what to check
  provider = aws.us_east_1

  function_name = local.signer_name
  description   = "Turns sign-ins and tokens into CloudFront signed cookies for ${var.name}"
  role          = aws_iam_role.signer.arn

  filename         = local.signer_zip
  source_code_hash = filebase64sha256(local.signer_zip)
  handler          = "index.handler"
  memory_size      = 128
  runtime          = var.lambda_runtime

  # Enough for a provider that takes its time over a code; what the viewer waits for is bounded within.
  timeout = 15

  # CloudFront takes a numbered version only.
  publish = true

  # A replicated function cannot be deleted until CloudFront has let go of the replicas, hours after the distribution is
  # gone (hashicorp/terraform-provider-aws issue 1721). It stays behind, without a role and without a caller.
  skip_destroy = true

  tags = var.tags

  # Otherwise the first invocation would make the log group, and keep it for ever.
  depends_on = [aws_cloudwatch_log_group.signer]
}

resource "aws_ssm_parameter" "signer_configuration" {
  #checkov:skip=CKV_AWS_337:nothing secret in it; a plan should show what changes
  #checkov:skip=CKV2_AWS_34:nothing secret in it; a plan should show what changes
  provider = aws.us_east_1

  name        = local.signer_configuration_name
  description = "What the edge function of ${var.name} needs to know; written by Terraform"
  type        = "String"

  # A standard one holds 4 KB and costs nothing (Systems Manager User Guide, Managing parameter tiers).
  tier = length(local.signer_configuration) > 4096 ? "Advanced" : "Standard"

  # insecure only in that a plan may print it.
  insecure_value = local.signer_configuration

  tags = var.tags

  lifecycle {
    precondition {
      condition     = length(local.signer_configuration) <= local.signer_configuration_limit_bytes
      error_message = "The edge function's configuration must fit into a parameter of ${local.signer_configuration_limit_bytes} bytes; got ${length(local.signer_configuration)}. Shorten access_rules, allowed_origins or aliases."
    }

    # Here and not in var.cookie_scope, which may not look at hosts that callers may have made with outputs of this module.
    # A host that is the domain itself is not below it, and its cookies would not reach its neighbours' policies.
    precondition {
      condition     = var.cookie_scope.domain == null || try(length(local.hosts) >= 1 && alltrue([for host in local.hosts : endswith(split(":", host)[0], ".${var.cookie_scope.domain}")]), false)
      error_message = "cookie_scope.domain must be a parent domain of every alias, or of every host of the distribution that is given, because browsers drop cookies for other domains; got ${coalesce(var.cookie_scope.domain, "null")} for ${length(local.hosts) == 0 ? "no aliases" : join(", ", local.hosts)}."
    }
  }

  # What is refused only when it is known, in the middle of an apply, must not get as far as the function.
  depends_on = [
    terraform_data.access_rules,
    terraform_data.behaviours,
    terraform_data.exclusive_access_rules,
    terraform_data.given_app_client,
    terraform_data.sign_in,
  ]
}
