# In the order of the files: where the content is, who signs in, what signs, what watches.

output "url" {
  description = "Where people go: the first alias, or CloudFront's own host name."
  value       = local.url
}

output "cookie_endpoint" {
  description = "Where an app trades its token for cookies: GET with Authorization: Bearer <token>; append remove to give the cookies back."
  value       = "${local.url}/cookie/"
}

output "sign_in_url" {
  description = "Where a link for signing in leads; append ?next=/a/path to come back there. Null without sign_in."
  value       = local.signs_in ? "${local.url}/cookie/sign-in" : null
}

output "sign_out_url" {
  description = "Where a form for signing out posts to; by GET it is a page that asks. Null without sign_in."
  value       = local.signs_in ? "${local.url}/cookie/sign-out" : null
}

output "callback_urls_to_register" {
  description = "Addresses to register as callback or redirect URLs with an oidc provider or an app client of your own; the module's own app client has them. Empty without sign_in."
  value       = local.sign_in_callback_urls
}

output "sign_out_urls_to_register" {
  description = "Addresses to register there as sign-out or post-logout redirect URLs. Empty without sign_in."
  value       = local.sign_in_sign_out_urls
}

output "client_secret_arn" {
  description = "ARN of the secret in us-east-1 into which to put the client's secret, as plain text: aws secretsmanager put-secret-value --secret-id <arn> --secret-string <secret> --region us-east-1. Null unless sign_in.client_authentication asks for one."
  value       = one(aws_secretsmanager_secret.client[*].arn)
}

output "region" {
  description = "Region of the bucket and the user pool, for the configuration of apps and SDKs."
  value       = data.aws_region.current.id
}

output "bucket_name" {
  description = "Bucket to put the content into; a key is the path under which CloudFront serves it."
  value       = local.bucket_name
}

output "bucket_arn" {
  description = "ARN of the bucket, for the policies of those who publish content."
  value       = local.bucket_arn
}

output "bucket_policy_json" {
  description = "Bucket policy with what the distribution needs, for a bucket of your own: attach it, or merge it into yours by source_policy_documents."
  value       = data.aws_iam_policy_document.content.json
}

output "bucket_cors_origins" {
  description = "Web origins that read or upload straight at the bucket, for the CORS rules of a bucket of your own."
  value       = local.bucket_origins
}

output "distribution_parts" {
  description = "What a distribution of your own needs besides what it has: origins, the default behaviour and the others in order, error pages. examples/existing-distribution wires them, docs/bring-your-own.md lists the fields."
  value = {
    # The module's own distribution needs no behaviour for the probe, which is under its default one. Whether there is
    # another may not be asked here: it is made with this.
    behaviours          = concat([local.probe_behaviour], local.closed_behaviours, local.open_behaviours)
    default_behaviour   = local.default_behaviour
    default_root_object = var.default_root_object
    error_pages         = local.error_pages
    is_ipv6_enabled     = !var.cookie_scope.bound_to_ip
    origins             = [for origin in local.module_origins : { for name in ["domain_name", "origin_access_control_id", "origin_id"] : name => origin[name] }]
  }
}

output "distribution_id" {
  description = "Id of the distribution, for invalidations and metrics."
  value       = local.distribution_id
}

output "distribution_arn" {
  description = "ARN of the distribution, for policies that let it read something else."
  value       = local.distribution_arn
}

output "distribution_domain_name" {
  description = "CloudFront's host name: the target of DNS records for the aliases. Null with a distribution of your own."
  value       = one(aws_cloudfront_distribution.content[*].domain_name)
}

output "distribution_hosted_zone_id" {
  description = "Zone of that host name, for alias records in Route 53. Null with a distribution of your own."
  value       = one(aws_cloudfront_distribution.content[*].hosted_zone_id)
}

output "user_pool_id" {
  description = "Id of the user pool, for administration and for SDKs that sign in by themselves; null with oidc."
  value       = local.user_pool_id
}

output "user_pool_client_id" {
  description = "Client id with which apps sign people in; the module's own is public, there is no secret. Null with oidc."
  value       = try(local.client_ids[0], null)
}

output "user_pool_issuer" {
  description = "Issuer of the tokens; append /.well-known/openid-configuration for OIDC libraries. Null with oidc."
  value       = local.uses_oidc ? null : "https://${local.user_pool_endpoint}"
}

output "login_url" {
  description = "Base of Cognito's login page; append /oauth2/authorize, /oauth2/token or /logout. Null where the module knows of none."
  value       = local.uses_oidc || local.login_host == null ? null : "https://${local.login_host}"
}

output "login_domain_target" {
  description = "Target of the DNS record for a login_domain that is a host name of your own; null for a prefix."
  value       = local.has_own_login_host ? one(aws_cognito_user_pool_domain.login[*].cloudfront_distribution) : null
}

output "identity_pool_id" {
  description = "Identity pool that trades an ID token for upload credentials; null without uploads."
  value       = one(aws_cognito_identity_pool.uploaders[*].id)
}

output "upload_role_arn" {
  description = "Role of people who upload, to attach further permissions to, and to give to the groups of uploads.groups in a pool of your own; null without uploads."
  value       = one(aws_iam_role.uploader[*].arn)
}

output "key_group_id" {
  description = "Key group to trust in further behaviours or distributions that should accept the same cookies' keys."
  value       = aws_cloudfront_key_group.signing_keys["main"].id
}

output "exclusive_key_group_ids" {
  description = "Key groups of exclusive access_rules by the names of their keys: trust one alone where its subtree is served, and all of them beside key_group_id elsewhere."
  value       = { for label in local.exclusive_labels : label => aws_cloudfront_key_group.signing_keys[label].id }
}

output "signing_key_secret_name" {
  description = "Secret in us-east-1 to rotate by hand: aws secretsmanager rotate-secret --secret-id <name> --region us-east-1."
  value       = aws_secretsmanager_secret.signing_key["main"].name
}

output "signing_key_secret_arn" {
  description = "ARN of that secret, for policies of operators."
  value       = aws_secretsmanager_secret.signing_key["main"].arn
}

output "signer_function_arn" {
  description = "ARN with version of the edge function, for a viewer-request association of your own."
  value       = aws_lambda_function.signer.qualified_arn
}

output "signer_function_name" {
  description = "Name of the edge function, which terraform destroy leaves behind until CloudFront has let go of its replicas; delete it then."
  value       = aws_lambda_function.signer.function_name
}

output "signer_configuration_name" {
  description = "Parameter in us-east-1 with the edge function's configuration, to look at when an answer surprises."
  value       = aws_ssm_parameter.signer_configuration.name
}

output "rotator_function_arn" {
  description = "ARN of the rotation function, to watch it with alarms of your own."
  value       = aws_lambda_function.rotator.arn
}

output "rotator_log_group_name" {
  description = "Log group in us-east-1 that says what each rotation did and why one failed."
  value       = aws_cloudwatch_log_group.rotator.name
}
