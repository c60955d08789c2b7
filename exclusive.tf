# Exclusive rules: each has a signing key and a key group of its own, and its paths trust no other. Whatever else people
# hold, a cookie that another key signed does not open them. docs/access-rules.md tells what follows from it.

locals {
  # What an exclusive rule's key is called: by exclusive_name, by its first path if that is a plain word, else by the
  # beginning of the path and a hash. It depends on nothing but the rule itself, so that rules can change places.
  rule_slugs = [for rule in var.access_rules : trim(replace(lower(try(rule.paths[0], "")), "/[^a-z0-9]+/", "-"), "-")]
  rule_default_labels = [for index, rule in var.access_rules : (
    "/${local.rule_slugs[index]}/*" == try(rule.paths[0], "") && length(local.rule_slugs[index]) <= 20 && local.rule_slugs[index] != "main"
    ? local.rule_slugs[index]
    : trim("${trim(substr(local.rule_slugs[index], 0, 13), "-")}-${substr(sha1(try(rule.paths[0], "")), 0, 6)}", "-")
  )]
  rule_labels = [for index, rule in var.access_rules : rule.exclusive ? coalesce(rule.exclusive_name, local.rule_default_labels[index]) : null]

  exclusive_labels        = toset(compact(local.rule_labels))
  exclusive_labels_limit  = 3
  exclusive_directories   = [for directory in local.rule_directories : directory if directory.label != null]
  exclusive_owners        = { for label in local.exclusive_labels : label => "${var.name}_${label}" }
  exclusive_subtree_limit = 10

  # The label of each exclusive subtree by its path pattern, in which a claim is a star: "users/*/*". In the order of the
  # patterns, so that rules can change places.
  exclusive_patterns = { for pattern, labels in {
    for directory in local.exclusive_directories : trimprefix(replace(directory.path, "/\\{[^}]*\\}/", "*"), "/") => directory.label...
  } : pattern => labels[0] }

  # What lies in an exclusive subtree begins so.
  exclusive_beginnings = { for pattern in keys(local.exclusive_patterns) :
    pattern => "^${replace(replace(trimsuffix(pattern, "*"), ".", "\\."), "*", "[^/]*")}"
  }

  # Where the rotator tries a new key: under a behaviour of that key. The dot keeps it what it is in every site_mode.
  # The first directory of each key, with something in place of the person's own part.
  exclusive_first_paths = { for label in local.exclusive_labels : label => try([for directory in local.exclusive_directories : directory.path if directory.label == label][0], "/*") }
  exclusive_probe_paths = { for label, path in local.exclusive_first_paths : label => replace(trimsuffix(path, "*"), "/\\{[^}]*\\}/", "-") }
  exclusive_probes      = { for label, path in local.exclusive_probe_paths : label => "https://${local.distribution_host}${path}signing-key-probe.txt" }

  # What all signed behaviours outside of exclusive subtrees trust. Who holds both is given cookies for the broader path,
  # signed with the exclusive key; it opens nothing else, because a policy is bound to its path as well.
  common_key_group_ids = concat(
    [aws_cloudfront_key_group.signing_keys.id],
    [for label in sort(local.exclusive_labels) : aws_cloudfront_key_group.exclusive[label].id],
  )

  # The same judgement that the edge function makes of its configuration, with names in it.
  common_inside_exclusive = distinct(flatten([for inner in local.rule_directories : [
    for outer in local.exclusive_directories : "${inner.name} lies inside ${outer.name}"
    if inner.label == null && alltrue([
      for position, part in outer.parts : try(part == inner.parts[position] || strcontains(part, "{"), false)
    ])
  ]]))

  exclusive_overlaps = distinct(flatten([for inner in local.exclusive_directories : [
    for outer in local.exclusive_directories : inner.path == outer.path ? "${inner.name} is ${outer.name}" : "${inner.name} lies inside ${outer.name}"
    if inner.label != outer.label && (inner.path != outer.path || inner.rule < outer.rule) && alltrue([
      for position, part in outer.parts :
      try(part == inner.parts[position] || strcontains(part, "{") || strcontains(inner.parts[position], "{"), false)
    ])
  ]]))

  # Cookies of one key open all paths of that key, and nobody may hold only some of them.
  divided_exclusive_keys = distinct(flatten([for index, label in local.rule_labels : [
    for other, other_label in local.rule_labels : "${label} in rule ${index + 1} (${join(", ", var.access_rules[index].paths)}) and rule ${other + 1} (${join(", ", var.access_rules[other].paths)})"
    if index < other && label != null && label == other_label && try(toset(var.access_rules[index].paths) != toset(var.access_rules[other].paths), false)
  ]]))

  public_inside_exclusive = flatten([for path in var.public_paths : [
    for pattern, beginning in local.exclusive_beginnings : "${path} lies inside /${pattern}" if can(regex(beginning, trimprefix(path, "/")))
  ]])

  uploads_inside_exclusive = [for pattern, beginning in local.exclusive_beginnings : "/${pattern}"
    if can(regex(beginning, "${try(var.uploads.prefix, "")}/"))
  ]

  # Nobody can be given everything at once here, only one part or the other.
  exclusive_claims_inside = distinct([
    for pair in local.nested_directories : "${pair.inner.name} inside ${pair.outer.name}"
    if pair.inner.label != null && pair.outer.label == null && strcontains(pair.inner.path, "{") && alltrue([
      for position, part in pair.outer.parts : part == pair.inner.parts[position] || strcontains(part, "{")
    ])
  ])
  exclusive_neighbours = distinct([for outer in local.rule_directories : "${join(" and ", distinct([
    for pair in local.nested_directories : pair.inner.path if pair.outer == outer && pair.inner.label != null
    ]))} inside ${outer.name}" if outer.label == null && length(distinct([
    for pair in local.nested_directories : pair.inner.label if pair.outer == outer && pair.inner.label != null
  ])) > 1])
}

# These work, but not all at once for everybody: said, and not refused.
check "exclusive_subtrees" {
  assert {
    condition     = length(local.exclusive_claims_inside) == 0
    error_message = "access_rules have an exclusive path with a claim inside a path for more: ${join("; ", local.exclusive_claims_inside)}. Whoever holds both has cookies for one of them at a time, by where they go. Put both into directories side by side if people need them at once."
  }

  assert {
    condition     = length(local.exclusive_neighbours) == 0
    error_message = "access_rules have several exclusive subtrees with different keys inside one path: ${join("; ", local.exclusive_neighbours)}. Whoever holds all of them has cookies for one subtree at a time, by where they go. Put them beside that path, or name them in one exclusive rule if they are for the same people."
  }
}

resource "aws_cloudfront_key_group" "exclusive" {
  for_each = local.exclusive_owners

  name    = "${each.value}-signing-keys"
  comment = "Keys that sign the cookies of ${var.name} for ${each.key}; the rotator adds and retires them"
  items   = [aws_cloudfront_public_key.bootstrap.id]

  lifecycle {
    # The rotator owns the list from the first rotation on.
    ignore_changes = [items]
  }
}

resource "aws_secretsmanager_secret" "exclusive" {
  #checkov:skip=CKV_AWS_149:the AWS managed key unless kms_key_arns names another
  for_each = local.exclusive_labels
  provider = aws.us_east_1

  name        = "${local.signing_key_secret_name}-${each.key}"
  description = "Private key that signs the cookies of ${var.name} for ${each.key}; written by ${local.rotator_name} only"
  kms_key_id  = var.kms_key_arns.secrets

  # As with the main key.
  recovery_window_in_days = 0

  tags = var.tags
}

resource "aws_secretsmanager_secret_rotation" "exclusive" {
  #checkov:skip=CKV_AWS_304:30 days by default; var.rotation.interval_days is the caller's choice
  for_each = local.exclusive_labels
  provider = aws.us_east_1

  secret_id           = aws_secretsmanager_secret.exclusive[each.key].id
  rotation_lambda_arn = aws_lambda_function.rotator.arn

  rotation_rules {
    schedule_expression = local.rotation_schedule
  }

  # As with the main key.
  depends_on = [
    aws_cloudfront_distribution.content,
    aws_iam_role_policy.rotator,
    aws_lambda_permission.secrets_manager,
    aws_s3_bucket_policy.content,
    var.distribution,
  ]
}

resource "aws_cloudwatch_metric_alarm" "exclusive_key_too_old" {
  for_each = local.exclusive_owners
  provider = aws.us_east_1

  alarm_name        = "${each.value}-key-too-old"
  alarm_description = "The signing key for ${each.key} has not been rotated for ${local.key_age_limit_days} days, though it should be every ${var.rotation.interval_days}; or nobody knows, because ${local.rotator_name} no longer reports its age. Cookies go on working."

  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "SigningKeyAge"
  namespace           = "CloudFrontSignedCookies"
  period              = 86400
  statistic           = "Maximum"
  threshold           = local.key_age_limit_days * 86400

  # As with the main key.
  treat_missing_data = "missing"

  dimensions = { SecretName = aws_secretsmanager_secret.exclusive[each.key].name }

  alarm_actions             = local.alarm_actions
  insufficient_data_actions = local.alarm_actions
  ok_actions                = local.alarm_actions

  tags = var.tags
}
