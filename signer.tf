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

    # The same pattern twice is refused by CloudFront, in the middle of an apply; here, because a distribution that is given
    # has the same behaviours.
    precondition {
      condition     = length(distinct(local.patterns)) == length(local.patterns)
      error_message = "public_paths, bearer_paths, origins and exclusive access_rules must not name the same path pattern; got ${join(", ", distinct([for position, pattern in local.patterns : pattern if index(local.patterns, pattern) != position]))} more than once."
    }

    # CloudFront Developer Guide, Quotas: 75 behaviours, of which one is the default.
    precondition {
      condition     = length(local.patterns) + local.probe_behaviours <= 74
      error_message = "public_paths, bearer_paths, origins and exclusive access_rules must not come to more than 75 behaviours together with the module's own; got ${length(local.patterns) + local.probe_behaviours + 1}. Merge patterns, such as docs/*.css and docs/*.js into docs/*, or serve an origin by a distribution of its own."
    }

    # Here and not in var.cookie_scope, which may not look at hosts that callers may have made with outputs of this module.
    # A host that is the domain itself is not below it, and its cookies would not reach its neighbours' policies.
    precondition {
      condition     = var.cookie_scope.domain == null || try(length(local.hosts) >= 1 && alltrue([for host in local.hosts : endswith(split(":", host)[0], ".${var.cookie_scope.domain}")]), false)
      error_message = "cookie_scope.domain must be a parent domain of every alias, or of every host of the distribution that is given, because browsers drop cookies for other domains; got ${coalesce(var.cookie_scope.domain, "null")} for ${length(local.hosts) == 0 ? "no aliases" : join(", ", local.hosts)}."
    }

    # Rules open and never close. Here and not in var.access_rules, whose validation may not use what is made of it.
    precondition {
      condition     = length(local.rule_overlaps) == 0
      error_message = "access_rules must not open a path to some people while its surroundings are open to others, whose cookies would open it too: ${join("; ", local.rule_overlaps)}. Put both into directories side by side, set exclusive = true in the rule of the inner path to close it to the others, or overlap_allowed = true if they may see it."
    }

    # CloudFront's quotas are 4 key groups a behaviour, one of them the main one, and 10 public keys an account, of which
    # each signing key takes up to 3 while it rotates (CloudFront Developer Guide, Quotas).
    precondition {
      condition     = length(local.exclusive_labels) <= local.exclusive_labels_limit
      error_message = "access_rules must not have more than ${local.exclusive_labels_limit} exclusive keys, because CloudFront trusts 4 key groups a behaviour and an account has 10 public keys; got ${length(local.exclusive_labels)}: ${join(", ", local.exclusive_labels)}. Name paths for the same people in one rule, or put directories side by side, which needs no exclusive = true."
    }

    precondition {
      condition     = length(local.exclusive_patterns) <= local.exclusive_subtree_limit
      error_message = "access_rules must not have more than ${local.exclusive_subtree_limit} exclusive paths, because each takes one of the 75 behaviours of a distribution; got ${length(local.exclusive_patterns)}. Give them a common parent."
    }

    precondition {
      condition     = length(local.common_inside_exclusive) == 0
      error_message = "access_rules must not open a path inside an exclusive one by a rule that is not exclusive, because its cookies would not be trusted there: ${join("; ", local.common_inside_exclusive)}. Set exclusive = true and the same paths in both rules if the others may see all of it, or move the inner path out of the exclusive one."
    }

    precondition {
      condition     = length(local.exclusive_overlaps) == 0
      error_message = "access_rules must not have exclusive paths that overlap, because each path trusts one key: ${join("; ", local.exclusive_overlaps)}. Put them side by side, or give both rules the same list of paths, in the same order."
    }

    precondition {
      condition     = length(local.divided_exclusive_keys) == 0
      error_message = "access_rules must not share an exclusive key between rules with different paths, because cookies of a key open all of its paths: ${join("; ", local.divided_exclusive_keys)}. Give each path an exclusive rule of its own, or both rules the same paths, or another exclusive_name."
    }

    precondition {
      condition     = length(local.public_inside_exclusive) == 0
      error_message = "public_paths must not lie inside an exclusive path of access_rules, which stays closed: ${join("; ", local.public_inside_exclusive)}. Move the public files out of it."
    }

    precondition {
      condition     = length(local.uploads_inside_exclusive) == 0
      error_message = "uploads.prefix must not lie inside an exclusive path of access_rules, because uploads are shown in a sandbox of their own; got ${try(var.uploads.prefix, "null")} inside ${join(", ", local.uploads_inside_exclusive)}. Make paths below uploads.prefix exclusive, or choose another prefix."
    }

    # Here and not in var.oidc, which may not look at access_rules.
    precondition {
      condition     = !local.is_open_issuer || local.rules_name_people || try(var.sign_in.any_federated_user_allowed, false)
      error_message = "oidc.issuer must not let everybody in who has an account there: give each of access_rules groups, emails, email_domains or claims, or set sign_in.any_federated_user_allowed = true; got ${try(var.oidc.issuer, "null")} and ${length(var.access_rules)} access_rules."
    }

    # What would be dropped silently. Here and not in the variables, whose values callers may have made with outputs of this
    # module.
    precondition {
      condition     = local.creates_client || length(local.own_client_settings) == 0
      error_message = "callback_urls and what else shapes an app client must be left out with oidc and with user_pool.client_ids, because that client is yours: remove ${join(", ", local.own_client_settings)}, and set the like at your provider; how long sessions last, sign_in.session_days says."
    }

    # Whoever comes by a public path is asked for nothing.
    precondition {
      condition     = length(local.rules_inside_public) == 0
      error_message = "access_rules must not be about what everybody may read without cookies: ${join("; ", local.rules_inside_public)}. Take the path out of public_paths, or set signature_required = true at the origin, or move it; or leave the rule out."
    }

    # The client need not be in this account, so that Terraform could not look at it in general.
    precondition {
      condition     = var.sign_in == null || local.creates_client || local.uses_oidc || local.rules_name_people || try(var.sign_in.any_federated_user_allowed, false)
      error_message = "user_pool.client_ids must not let everybody in who has an account at Google or the like, and the module cannot see which identity providers an app client of yours takes: give each of access_rules groups, emails, email_domains or claims, or set sign_in.any_federated_user_allowed = true if everybody who can sign in there may come; got ${length(var.access_rules)} access_rules."
    }

    # These and not in var.sign_in, on which the distribution depends: an app client of one's own, in user_pool, is made
    # with the addresses of the distribution.
    precondition {
      condition     = var.sign_in == null || local.creates_client || try(tolist(var.sign_in.identity_providers) == tolist(["COGNITO"]), false)
      error_message = "sign_in.identity_providers must be left out with oidc and with user_pool.client_ids, because the app client decides, and that is yours; got ${try(join(", ", var.sign_in.identity_providers), "null")}."
    }

    precondition {
      condition     = var.sign_in == null || !local.creates_client || try(var.sign_in.client_authentication == "none", false)
      error_message = "sign_in.client_authentication must be none unless oidc or user_pool.client_ids is given, because the module's own app client has no secret; got ${try(coalesce(var.sign_in.client_authentication), "null")}."
    }

    precondition {
      condition     = try(var.sign_in.session_days, null) == null || !local.creates_client || try(var.sign_in.session_days <= var.token_validity.refresh_days, false)
      error_message = "sign_in.session_days must not exceed token_validity.refresh_days (${var.token_validity.refresh_days}), because the session lives by the refresh token; got ${try(coalesce(var.sign_in.session_days), "null")}."
    }

    # The keys that open sessions are part of the secret, which holds only so many of them.
    precondition {
      condition     = coalesce(local.session_days, 0) <= (local.sealing_key_limit - 1) * var.rotation.interval_days
      error_message = "sign_in.session_days, or token_validity.refresh_days where it is left out, must not exceed ${local.sealing_key_limit - 1} times rotation.interval_days (${var.rotation.interval_days}), because each rotation makes another key that seals sessions, and ${local.sealing_key_limit} of them are kept; got ${coalesce(local.session_days, 0)}. Set sign_in.session_days to at most ${(local.sealing_key_limit - 1) * var.rotation.interval_days}, or rotation.interval_days to at least ${ceil(coalesce(local.session_days, 0) / (local.sealing_key_limit - 1))}."
    }

    precondition {
      condition     = var.sign_in == null || var.user_pool == null || try(var.user_pool.login_host, null) != null
      error_message = "sign_in must come with user_pool.login_host when there is a user_pool, because people sign in at its login page; got user_pool ${try(var.user_pool.id, "null")} without one."
    }
  }
}
