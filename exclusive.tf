# Exclusive rules: each has a signing key and a key group of its own (signing-keys.tf), and its paths trust no other.
# Whatever else people hold, a cookie that another key signed does not open them. docs/access-rules.md tells what
# follows from it.

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

resource "terraform_data" "exclusive_access_rules" {
  lifecycle {
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
  }
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
