# What people bring along, in place.

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

run "reads_a_bucket_that_is_there_and_leaves_it_alone" {
  command = plan

  variables {
    allowed_origins = ["https://app.example.com"]
    bucket          = { name = "acme-photos" }
    uploads         = {}
  }

  assert {
    condition     = length(aws_s3_bucket.content) + length(aws_s3_bucket_policy.content) + length(aws_s3_bucket_cors_configuration.content) + length(aws_s3_bucket_public_access_block.content) + length(aws_s3_bucket_ownership_controls.content) + length(aws_s3_bucket_server_side_encryption_configuration.content) + length(aws_s3_bucket_lifecycle_configuration.content) == 0
    error_message = "Nothing is made, nothing is set."
  }

  assert {
    condition     = one(aws_cloudfront_distribution.content[0].origin).domain_name == "acme-photos.s3.eu-west-1.amazonaws.com"
    error_message = "It is the origin, by its name in this region."
  }

  assert {
    condition     = [for statement in data.aws_iam_policy_document.content.statement : "${join(",", statement.actions)} ${join(",", statement.resources)}"] == ["s3:GetObject arn:aws:s3:::acme-photos/*", "s3:ListBucket arn:aws:s3:::acme-photos"]
    error_message = "The policy is what the distribution needs, and forbids nobody anything."
  }

  assert {
    condition     = output.bucket_name == "acme-photos" && output.bucket_arn == "arn:aws:s3:::acme-photos" && output.bucket_policy_json == data.aws_iam_policy_document.content.json && output.bucket_cors_origins == tolist(["https://app.example.com", "https://d111111abcdef8.cloudfront.net"])
    error_message = "The outputs tell what is to be done at the bucket."
  }

  assert {
    condition     = data.aws_iam_policy_document.uploader[0].statement[0].resources == toset(["arn:aws:s3:::acme-photos/uploads/$${cognito-identity.amazonaws.com:sub}/*"])
    error_message = "People upload into it."
  }
}

run "attaches_the_policy_if_asked" {
  command = plan

  variables {
    bucket = { name = "acme-photos", regional_domain_name = "acme-photos.s3.eu-central-1.amazonaws.com", policy_attached = true }
  }

  assert {
    condition     = aws_s3_bucket_policy.content[0].bucket == "acme-photos" && one(aws_cloudfront_distribution.content[0].origin).domain_name == "acme-photos.s3.eu-central-1.amazonaws.com"
    error_message = "To the bucket that is there, wherever it is."
  }
}

run "makes_no_distribution_beside_one_that_is_there" {
  command = plan

  variables {
    distribution = { arn = "arn:aws:cloudfront::123456789012:distribution/E9EXAMPLE", hosts = ["www.example.com", "d999.cloudfront.net"] }
    public_paths = ["press/*"]
    sign_in      = {}
  }

  assert {
    condition     = length(aws_cloudfront_distribution.content) == 0 && output.distribution_domain_name == null && output.distribution_hosted_zone_id == null
    error_message = "There is one already."
  }

  assert {
    condition     = output.distribution_id == "E9EXAMPLE" && output.url == "https://www.example.com" && jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).hosts == ["www.example.com", "d999.cloudfront.net"]
    error_message = "Cookies are for its hosts."
  }

  assert {
    condition     = alltrue([for statement in slice(data.aws_iam_policy_document.content.statement, 0, 2) : one(statement.condition).values == tolist(["arn:aws:cloudfront::123456789012:distribution/E9EXAMPLE"])]) && one(data.aws_iam_policy_document.pages[0].statement[0].condition).values == tolist(["arn:aws:cloudfront::123456789012:distribution/E9EXAMPLE"])
    error_message = "It alone reads both buckets."
  }

  assert {
    condition     = strcontains(aws_lambda_function.rotator.environment[0].variables.ROTATION_CONFIGURATION, "https://www.example.com/.well-known/signing-key-probe")
    error_message = "New keys are proved at it."
  }

  assert {
    condition     = [for behaviour in output.distribution_parts.behaviours : "${behaviour.path_pattern} ${behaviour.target_origin_id} ${length(behaviour.trusted_key_groups)} ${length(behaviour.lambda_function_arns)}"] == [".well-known/signing-key-probe bucket 1 0", "cookie/* bucket 0 1", ".sign-in/* pages 0 0", "press/* bucket 0 0"]
    error_message = "The behaviours are handed out in their order."
  }

  assert {
    condition     = output.distribution_parts.behaviours[0].trusted_key_groups == output.distribution_parts.default_behaviour.trusted_key_groups
    error_message = "New keys are proved where a signature is asked for, whatever the distribution does by default."
  }

  assert {
    condition     = output.distribution_parts.default_behaviour.trusted_key_groups == [aws_cloudfront_key_group.signing_keys["main"].id] && output.distribution_parts.behaviours[1].lambda_function_arns == [aws_lambda_function.signer.qualified_arn] && output.distribution_parts.default_root_object == "index.html" && output.distribution_parts.error_pages[0].response_page_path == "/.sign-in/denied.html"
    error_message = "Everything is signed by default, cookies are given by the function's version, and refusals lead on."
  }

  assert {
    condition     = [for origin in output.distribution_parts.origins : "${origin.origin_id} ${origin.origin_access_control_id}"] == ["bucket E3EXAMPLE", "pages E3EXAMPLE"]
    error_message = "The origins are handed out with their access control."
  }
}

run "makes_records_for_every_alias" {
  command = plan

  variables {
    aliases         = ["photos.example.com", "films.example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    dns_zone        = { id = "Z0123456789ABCDEFGHIJ" }
  }

  assert {
    condition     = { for key, record in aws_route53_record.alias : key => "${record.zone_id} ${record.name} ${record.type} ${one(record.alias).name}" } == { for pair in setproduct(["photos.example.com", "films.example.com"], ["A", "AAAA"]) : "${pair[0]} ${pair[1]}" => "Z0123456789ABCDEFGHIJ ${pair[0]} ${pair[1]} D111111ABCDEF8.cloudfront.net" }
    error_message = "IPv4 and IPv6 for both."
  }
}

run "makes_no_record_for_ipv6_that_is_off" {
  command = plan

  variables {
    aliases         = ["photos.example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    cookie_scope    = { bound_to_ip = true }
    dns_zone        = { id = "Z0123456789ABCDEFGHIJ" }
  }

  assert {
    condition     = keys(aws_route53_record.alias) == ["photos.example.com A"]
    error_message = "There would be no address for it."
  }
}

run "keeps_people_out_by_web_acl_and_country" {
  command = plan

  variables {
    viewer_restrictions = { web_acl_arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/acme/1", countries_allowed = ["FR", "DE"] }
  }

  assert {
    condition     = aws_cloudfront_distribution.content[0].web_acl_id == "arn:aws:wafv2:us-east-1:123456789012:global/webacl/acme/1"
    error_message = "The web ACL is asked."
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.content[0].restrictions).geo_restriction).restriction_type == "whitelist" && one(one(aws_cloudfront_distribution.content[0].restrictions).geo_restriction).locations == toset(["DE", "FR"])
    error_message = "Others may not come."
  }
}

run "denies_countries" {
  command = plan

  variables {
    viewer_restrictions = { countries_denied = ["KP"] }
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.content[0].restrictions).geo_restriction).restriction_type == "blacklist" && one(one(aws_cloudfront_distribution.content[0].restrictions).geo_restriction).locations == toset(["KP"]) && aws_cloudfront_distribution.content[0].web_acl_id == null
    error_message = "Everybody else may come."
  }
}

run "delivers_access_logs_without_credentials" {
  command = plan

  variables {
    access_logs = { bucket_arn = "arn:aws:s3:::acme-logs", prefix = "cloudfront" }
  }

  assert {
    condition     = aws_cloudwatch_log_delivery_source.access[0].resource_arn == "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE" && aws_cloudwatch_log_delivery_source.access[0].log_type == "ACCESS_LOGS"
    error_message = "Of this distribution."
  }

  assert {
    condition     = one(aws_cloudwatch_log_delivery_destination.access[0].delivery_destination_configuration).destination_resource_arn == "arn:aws:s3:::acme-logs/cloudfront" && aws_cloudwatch_log_delivery_destination.access[0].output_format == "json"
    error_message = "Into the bucket, below the prefix."
  }

  assert {
    condition     = contains(aws_cloudwatch_log_delivery.access[0].record_fields, "cs-uri-stem") && length(setintersection(aws_cloudwatch_log_delivery.access[0].record_fields, ["cs(Cookie)", "cs-uri-query", "cs(Referer)"])) == 0
    error_message = "What was asked for, and nothing with which a reader of the logs could come in."
  }
}

run "asks_further_origins_behind_the_same_cookies" {
  command = plan

  variables {
    origins = {
      alb     = { kind = "vpc", vpc_origin_id = "vo_1", domain_name = "internal-alb.eu-west-1.elb.amazonaws.com", path_patterns = ["app/*"] }
      api     = { domain_name = "api.example.com", path_patterns = ["/api/*", "v2/*"], path_prefix = "/v1", port = 8443, writes_allowed = true, headers = { "X-Origin-Secret" = "s" } }
      archive = { kind = "s3", domain_name = "archive.s3.eu-west-1.amazonaws.com", path_patterns = ["archive/*"] }
      health  = { domain_name = "api.example.com", path_patterns = ["health"], protocol = "http", signature_required = false }
    }
    public_paths = ["*.css"]
  }

  assert {
    condition     = [for behaviour in aws_cloudfront_distribution.content[0].ordered_cache_behavior : "${behaviour.path_pattern} ${behaviour.target_origin_id} ${length(behaviour.trusted_key_groups)} ${length(behaviour.allowed_methods)}"] == ["cookie/* bucket 0 7", "archive/* archive 1 3", "health health 0 3", "api/* api 1 7", "app/* alb 1 3", "v2/* api 1 7", "*.css bucket 0 3"]
    error_message = "Signed and read only unless it is said otherwise, and before public paths, which must not open them."
  }

  assert {
    condition     = [for origin in aws_cloudfront_distribution.content[0].origin : "${one(origin.custom_origin_config).origin_protocol_policy} ${one(origin.custom_origin_config).https_port} ${origin.origin_path} ${one(origin.custom_header).name}" if origin.origin_id == "api"] == ["https-only 8443 /v1 X-Origin-Secret"]
    error_message = "As the API wants to be asked."
  }

  assert {
    condition     = [for origin in aws_cloudfront_distribution.content[0].origin : "${one(origin.custom_origin_config).origin_protocol_policy} ${one(origin.custom_origin_config).http_port}" if origin.origin_id == "health"] == ["http-only 80"] && [for origin in aws_cloudfront_distribution.content[0].origin : one(origin.vpc_origin_config).vpc_origin_id if origin.origin_id == "alb"] == ["vo_1"] && [for origin in aws_cloudfront_distribution.content[0].origin : origin.origin_access_control_id if origin.origin_id == "archive"] == ["E3EXAMPLE"]
    error_message = "By plain HTTP, in a VPC, with access control."
  }

  assert {
    condition     = one(aws_cloudfront_origin_request_policy.further[0].cookies_config).cookie_behavior == "allExcept" && one(one(aws_cloudfront_origin_request_policy.further[0].cookies_config).cookies).items == toset(["CloudFront-Hash-Algorithm", "CloudFront-Key-Pair-Id", "CloudFront-Policy", "CloudFront-Signature", "__Host-fresh", "__Host-session", "__Host-sign-in-again"])
    error_message = "None of them learns what a person shows to CloudFront."
  }
}

run "lets_no_origin_open_what_another_one_keeps_signed" {
  command = plan

  variables {
    origins = {
      application = { domain_name = "app.example.com", path_patterns = ["app/*", "p*", "*.php"], signature_required = false }
      members     = { domain_name = "app.example.com", path_patterns = ["app/members/*", "press/*", "p?", "shop/*.php"] }
    }
  }

  assert {
    condition     = [for behaviour in local.further_behaviours : "${behaviour.path_pattern} ${length(behaviour.trusted_key_groups)}"] == ["app/members/* 1", "press/* 1", "shop/*.php 1", "app/* 0", "p? 1", "p* 0", "*.php 0"]
    error_message = "What says more goes first, and what is signed, whatever the origins are called."
  }
}

run "sends_headers_that_are_there_already" {
  command = plan

  variables {
    response_headers_policy = { id = "67f7725c-6f97-4210-82d7-5512b31e9d03" }
    uploads                 = {}
  }

  assert {
    condition     = one(aws_cloudfront_distribution.content[0].default_cache_behavior).response_headers_policy_id == "67f7725c-6f97-4210-82d7-5512b31e9d03" && keys(aws_cloudfront_response_headers_policy.content) == ["uploads"]
    error_message = "In place of the module's, except where uploads are shown."
  }
}

run "bounds_every_role" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    uploads                  = {}
  }

  assert {
    condition     = toset([aws_iam_role.signer.permissions_boundary, aws_iam_role.rotator.permissions_boundary, aws_iam_role.uploader[0].permissions_boundary]) == toset(["arn:aws:iam::123456789012:policy/boundary"])
    error_message = "There is no role without it."
  }
}

run "encrypts_with_keys_that_are_there" {
  command = plan

  variables {
    kms_key_arns = { bucket = "arn:aws:kms:eu-west-1:123456789012:key/1", secrets = "arn:aws:kms:us-east-1:123456789012:key/2", logs = "arn:aws:kms:us-east-1:123456789012:key/3" }
    uploads      = {}
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.content[0].rule).apply_server_side_encryption_by_default).kms_master_key_id == "arn:aws:kms:eu-west-1:123456789012:key/1" && one(aws_s3_bucket_server_side_encryption_configuration.content[0].rule).bucket_key_enabled
    error_message = "The content."
  }

  assert {
    condition     = aws_secretsmanager_secret.signing_key["main"].kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/2" && aws_cloudwatch_log_group.signer.kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/3" && aws_cloudwatch_log_group.rotator.kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/3"
    error_message = "The secret and the logs."
  }

  assert {
    condition = [for document in [data.aws_iam_policy_document.signer, data.aws_iam_policy_document.rotator, data.aws_iam_policy_document.uploader[0]] : [
      for statement in document.statement : "${join(",", sort(statement.actions))} ${join(",", statement.resources)} ${one(statement.condition).variable}" if contains(statement.actions, "kms:Decrypt")
      ]] == [
      ["kms:Decrypt arn:aws:kms:us-east-1:123456789012:key/2 kms:EncryptionContext:SecretARN"],
      ["kms:Decrypt,kms:GenerateDataKey arn:aws:kms:us-east-1:123456789012:key/2 kms:EncryptionContext:SecretARN"],
      ["kms:Decrypt,kms:GenerateDataKey arn:aws:kms:eu-west-1:123456789012:key/1 kms:ViaService"],
    ]
    error_message = "Each role may use the key that it needs, for what it needs it for."
  }
}

run "shares_cookies_within_a_domain" {
  command = plan

  variables {
    aliases          = ["photos.example.com", "films.example.com"]
    certificate_arn  = "arn:aws:acm:us-east-1:123456789012:certificate/1"
    cookie_same_site = "None"
    cookie_scope     = { domain = "example.com", partitioned = true }
    sign_in          = {}
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).cookies.domain == "example.com" && jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).cookies.partitioned
    error_message = "The function is told."
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).hosts == ["photos.example.com", "films.example.com"] && output.callback_urls_to_register == tolist(["https://photos.example.com/cookie/callback", "https://films.example.com/cookie/callback"])
    error_message = "CloudFront's own name is not in the domain, so it gives no cookies."
  }
}

run "names_every_host_without_a_domain" {
  command = plan

  variables {
    aliases         = ["photos.example.com", "films.example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).hosts == ["d111111abcdef8.cloudfront.net", "photos.example.com", "films.example.com"] && !can(jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).cookies.domain) && !can(jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).cookies.partitioned)
    error_message = "Each has cookies of its own."
  }
}

run "works_in_another_partition" {
  command = plan

  variables {
    bucket  = { name = "acme-photos" }
    uploads = {}
  }

  override_data {
    override_during = plan
    target          = data.aws_partition.current
    values          = { dns_suffix = "amazonaws.com", partition = "aws-us-gov" }
  }

  assert {
    condition     = alltrue([for arn in data.aws_iam_policy_document.content.statement[0].resources : startswith(arn, "arn:aws-us-gov:s3:::")]) && output.bucket_arn == "arn:aws-us-gov:s3:::acme-photos"
    error_message = "ARNs are made with the partition's own name."
  }
}
