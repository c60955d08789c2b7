# Who may see what: access_rules as the edge function reads them, and the judgement of paths that lie inside each other.
# What an exclusive rule needs besides is in exclusive.tf.

locals {
  # The conditions of each rule that there are, under the names of the configuration document.
  rule_conditions = [for rule in var.access_rules : { for name, values in {
    groups       = try(sort(rule.groups), [])
    scopes       = try(sort(rule.scopes), [])
    emails       = try(sort(rule.emails), [])
    emailDomains = try(sort(rule.email_domains), [])
    claims       = { for claim, values in rule.claims : claim => try(sort(values), []) }
  } : name => values if length(values) > 0 }]

  # Whether every rule asks for something that a person has, and not everybody. Scopes are what a client asks for.
  rules_name_people = length(var.access_rules) > 0 && alltrue([
    for conditions in local.rule_conditions : length(setsubtract(keys(conditions), ["scopes"])) > 0
  ])

  # Whether everybody who can sign in may see something.
  rules_let_everybody_in = length(var.access_rules) == 0 || anytrue([
    for conditions in local.rule_conditions : length(setsubtract(keys(conditions), ["scopes"])) == 0
  ])

  # One list for the comparison of rules: each condition, a claim by its name, with the values that fulfil it.
  rule_tests = [for conditions in local.rule_conditions : merge(
    { for name in ["groups", "scopes", "emails", "emailDomains"] : name => conditions[name] if can(conditions[name]) },
    { for claim, values in try(conditions.claims, {}) : "claims ${claim}" => values },
  )]

  grants = concat(
    [for path in length(var.access_rules) == 0 ? ["/*"] : [] : { paths = [path] }],
    [for index, rule in var.access_rules : merge(
      { paths = rule.paths },
      local.rule_conditions[index],
      { for name, label in { signingKey = local.rule_labels[index] } : name => label if label != null },
    )],
  )

  # Every path of every rule, in parts: "/users/{sub}/*" is ["users", "{sub}"]. The name is how a message calls it.
  rule_directories = flatten([for index, rule in var.access_rules : [
    for path in try(tolist(rule.paths), []) : {
      rule  = index
      label = local.rule_labels[index]
      path  = path
      parts = compact(split("/", trimsuffix(path, "*")))
      name  = "${path} (rule ${index + 1})"
    }
  ]])

  # Pairs of a broader and a narrower path of two rules. A part in braces may be anything that a claim can say, so it
  # meets every name, and every other part in braces. The same path in two rules is no overlap: both name its people.
  nested_directories = flatten([for inner in local.rule_directories : [
    for outer in local.rule_directories : { inner = inner, outer = outer }
    if outer.rule != inner.rule && outer.path != inner.path && alltrue([
      for position, part in outer.parts :
      try(part == inner.parts[position] || strcontains(part, "{") || strcontains(inner.parts[position], "{"), false)
    ])
  ]])

  # A narrower path is safe where everybody who gets the broader one gets it too: every test of its rule is one of the
  # other rule's, with no value that it does not know, and every claim in it is the very same in the broader path. An
  # exclusive one is closed to the broader cookie.
  rule_overlaps = distinct([
    for pair in local.nested_directories : "${pair.inner.name} lies inside ${pair.outer.name}"
    if !var.access_rules[pair.inner.rule].overlap_allowed && pair.inner.label == null && pair.outer.label == null && !(
      alltrue([for name, values in local.rule_tests[pair.inner.rule] :
        can(local.rule_tests[pair.outer.rule][name]) && length(setsubtract(try(local.rule_tests[pair.outer.rule][name], []), values)) == 0
      ])
      && alltrue([for position, part in pair.inner.parts : !strcontains(part, "{") || try(pair.outer.parts[position] == part, false)])
    )
  ])

  # Rules that would close what is open, less what goes before that and asks for a token or a signature all the same: of
  # further origins whatever has the longer pattern, and before public_paths all of them.
  closed_beginnings        = [for path in concat(var.bearer_paths, [for prefix in var.uploads[*].prefix : "${prefix}/*"]) : trimsuffix(trimprefix(path, "/"), "*")]
  signed_origin_beginnings = [for path in flatten([for origin in values(var.origins) : origin.path_patterns if origin.signature_required]) : trimsuffix(trimprefix(path, "/"), "*") if can(regex("^[^*?]+\\*$", path))]
  unsigned_origin_patterns = [for path in flatten([for origin in values(var.origins) : origin.path_patterns if !origin.signature_required]) : trimprefix(path, "/")]
  open_patterns = concat(
    [for path in var.public_paths : { pattern = trimprefix(path, "/"), closed = concat(local.closed_beginnings, local.signed_origin_beginnings) }],
    [for path in local.unsigned_origin_patterns : { pattern = path, closed = concat(local.closed_beginnings, [for beginning in local.signed_origin_beginnings : beginning if length(beginning) >= length(trimsuffix(path, "*"))]) }],
  )
  rules_inside_public = distinct(flatten([for directory in local.rule_directories : [
    for open in local.open_patterns : "${directory.name} lies inside ${open.pattern}"
    if can(regex("^[^*?]+\\*$", open.pattern)) && startswith(trimprefix(directory.path, "/"), trimsuffix(open.pattern, "*"))
    && !anytrue([for closed in open.closed : startswith(trimprefix(directory.path, "/"), closed)])
  ] if directory.label == null]))

  # A pool that the module makes has no attributes of one's own, so that no person has such a claim.
  rules_with_custom_claims = distinct(concat(
    [for directory in local.rule_directories : directory.path if strcontains(directory.path, "{custom:")],
    flatten([for rule in var.access_rules : [for claim in keys(rule.claims) : claim if startswith(claim, "custom:")]]),
  ))
}

resource "terraform_data" "access_rules" {
  lifecycle {
    # Rules open and never close. Here and not in var.access_rules, whose validation may not use what is made of it.
    precondition {
      condition     = length(local.rule_overlaps) == 0
      error_message = "access_rules must not open a path to some people while its surroundings are open to others, whose cookies would open it too: ${join("; ", local.rule_overlaps)}. Put both into directories side by side, set exclusive = true in the rule of the inner path to close it to the others, or overlap_allowed = true if they may see it."
    }

    # Whoever comes by a public path is asked for nothing.
    precondition {
      condition     = length(local.rules_inside_public) == 0
      error_message = "access_rules must not be about what everybody may read without cookies: ${join("; ", local.rules_inside_public)}. Take the path out of public_paths, or set signature_required = true at the origin, or move it; or leave the rule out."
    }
  }
}

# Somebody may have added an attribute by hand, which Terraform does not see: said, and not refused.
check "access_rules_with_custom_claims" {
  assert {
    condition     = !local.creates_user_pool || length(local.rules_with_custom_claims) == 0
    error_message = "access_rules name claims that nobody has in a user pool that the module makes, because it has no attributes of your own: ${join(", ", local.rules_with_custom_claims)}. Bring a pool along in user_pool, or use groups."
  }
}
