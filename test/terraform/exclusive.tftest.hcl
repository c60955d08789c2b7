# Exclusive rules: keys, behaviours, and what is refused because no cookies could mean it.

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

run "gives_an_exclusive_rule_a_key_of_its_own" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/*"], groups = ["staff"] },
      { paths = ["/finance/*"], groups = ["finance"], exclusive = true },
    ]
    public_paths = ["*.css"]
    sign_in      = {}
    uploads      = { everybody_allowed = true }
  }

  override_resource {
    override_during = plan
    target          = aws_cloudfront_key_group.signing_keys["finance"]
    values          = { id = "99999999-2222-3333-4444-555555555555" }
  }

  override_resource {
    override_during = plan
    target          = aws_secretsmanager_secret.signing_key["finance"]
    values          = { arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:exclusive-AbCdEf" }
  }

  assert {
    condition     = aws_secretsmanager_secret.signing_key["finance"].name == "${aws_secretsmanager_secret.signing_key["main"].name}-finance"
    error_message = "The secret is named after the label."
  }

  assert {
    condition     = aws_cloudfront_key_group.signing_keys["finance"].name == "photos_finance-signing-keys" && aws_cloudfront_key_group.signing_keys["finance"].items == toset(["K2EXAMPLE"])
    error_message = "Its key group begins with the key that nobody holds, as the main one does."
  }

  assert {
    condition     = one(aws_secretsmanager_secret_rotation.signing_key["finance"].rotation_rules).schedule_expression == "rate(30 days)" && aws_cloudwatch_metric_alarm.key_too_old["finance"].dimensions.SecretName == aws_secretsmanager_secret.signing_key["finance"].name
    error_message = "It is rotated and watched as the main one is."
  }

  assert {
    condition     = jsondecode(aws_lambda_function.rotator.environment[0].variables.ROTATION_CONFIGURATION).signingKeys["arn:aws:secretsmanager:us-east-1:123456789012:secret:exclusive-AbCdEf"] == { label = "finance", keyGroupId = "99999999-2222-3333-4444-555555555555", probeUrl = "https://d111111abcdef8.cloudfront.net/finance/signing-key-probe.txt" }
    error_message = "The rotator knows it, and tries its keys where they are trusted."
  }

  assert {
    condition     = data.aws_iam_policy_document.rotator.statement[0].resources == toset(["arn:aws:secretsmanager:us-east-1:123456789012:secret:mock-AbCdEf", "arn:aws:secretsmanager:us-east-1:123456789012:secret:exclusive-AbCdEf"])
    error_message = "The rotator may write both secrets."
  }

  assert {
    condition     = anytrue([for resource in data.aws_iam_policy_document.signer.statement[1].resources : startswith("arn:aws:secretsmanager:us-east-1:123456789012:secret:${aws_secretsmanager_secret.signing_key["finance"].name}-AbCdEf", trimsuffix(resource, "*"))]) && anytrue([for resource in data.aws_iam_policy_document.signer.statement[0].resources : endswith(resource, "/signing-key-*")])
    error_message = "The edge function may read both secrets."
  }

  assert {
    condition     = jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).exclusiveSigningKeys == ["finance"] && jsondecode(aws_ssm_parameter.signer_configuration.insecure_value).grants == [{ paths = ["/*"], groups = ["staff"] }, { paths = ["/finance/*"], groups = ["finance"], signingKey = "finance" }]
    error_message = "The edge function is told."
  }

  assert {
    condition = { for behaviour in local.behaviours : behaviour.path_pattern => behaviour.trusted_key_groups } == {
      "cookie/*"   = []
      ".sign-in/*" = []
      "finance/*"  = ["99999999-2222-3333-4444-555555555555"]
      "*.css"      = []
      "uploads/*"  = ["11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"]
    }
    error_message = "The exclusive subtree trusts its own key alone, everything else that is signed trusts all."
  }

  assert {
    condition     = local.behaviours[*].path_pattern == ["cookie/*", ".sign-in/*", "finance/*", "uploads/*", "*.css"]
    error_message = "What is closed goes before what is open."
  }

  assert {
    condition     = local.default_behaviour.trusted_key_groups == ["11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"]
    error_message = "Whoever holds both has one set for the whole, signed with the exclusive key."
  }

  assert {
    condition     = { for name, function in aws_cloudfront_function.content : name => function.code if name != "uploads" } == { files = join("\n", [file("cloudfront-functions/plain.js"), file("cloudfront-functions/files.js")]) } && { for behaviour in local.behaviours : behaviour.path_pattern => length(behaviour.function_arns) } == { "cookie/*" = 0, ".sign-in/*" = 0, "finance/*" = 1, "*.css" = 1, "uploads/*" = 1 }
    error_message = "An address in another form leads to the behaviour of its folder."
  }

  assert {
    condition     = output.exclusive_key_group_ids == { finance = "99999999-2222-3333-4444-555555555555" }
    error_message = "For behaviours of one's own."
  }
}

run "has_no_key_without_an_exclusive_rule" {
  command = plan

  assert {
    condition     = keys(aws_secretsmanager_secret.signing_key) == ["main"] && length(local.exclusive_patterns) == 0 && length(aws_cloudfront_function.content) == 0
    error_message = "Nothing is there."
  }
}

run "names_keys_after_what_does_not_move" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/departments/human-resources/*"], groups = ["hr"], exclusive = true },
      { paths = ["/*"], groups = ["staff"] },
      { paths = ["/main/*"], groups = ["main"], exclusive = true },
      { paths = ["/Finance/*", "/audit/*"], groups = ["finance"], exclusive = true, exclusive_name = "books" },
    ]
  }

  expect_failures = [check.exclusive_subtrees]

  assert {
    condition     = [for label in local.rule_labels : coalesce(label, "none")] == ["departments-h-${substr(sha1("/departments/human-resources/*"), 0, 6)}", "none", "main-${substr(sha1("/main/*"), 0, 6)}", "books"]
    error_message = "A plain word is its own name; anything else gets a hash of the path, which main needs as well."
  }

  assert {
    condition     = local.exclusive_patterns == { "Finance/*" = "books", "audit/*" = "books", "departments/human-resources/*" = local.rule_labels[0], "main/*" = local.rule_labels[2] }
    error_message = "Each path has a behaviour, in the order of the patterns."
  }
}

run "gives_rules_for_the_same_paths_the_same_key" {
  command = plan

  variables {
    access_rules = [
      { paths = ["/finance/*", "/audit/*"], groups = ["finance"], exclusive = true },
      { paths = ["/finance/*", "/audit/*"], email_domains = ["auditors.example"], exclusive = true },
    ]
  }

  assert {
    condition     = local.exclusive_labels == toset(["finance"])
    error_message = "One key for everybody who may see the same."
  }
}

run "shows_exclusive_uploads_in_the_sandbox" {
  command = plan

  variables {
    access_rules = [{ paths = ["/uploads/{sub}/*"], exclusive = true }]
    sign_in      = {}
    uploads      = { everybody_allowed = true }
  }

  assert {
    condition     = [for behaviour in local.behaviours : [behaviour.path_pattern, behaviour.response_headers_policy_id == aws_cloudfront_response_headers_policy.content["uploads"].id, length(behaviour.function_arns), length(behaviour.response_function_arns)] if startswith(behaviour.path_pattern, "uploads/")] == [["uploads/*/*", true, 1, 1], ["uploads/*", true, 1, 1]]
    error_message = "One's own uploads, closed to everybody else, are still uploads."
  }
}
