# The ruleset that is built into tflint: no download, no plugin.
plugin "terraform" {
  enabled = true
  preset  = "all"
}

# The files are named after what they hold (see main.tf), not after the standard three.
rule "terraform_standard_module_structure" {
  enabled = false
}
