# The sites of test/property/access-rules/composed.json, for the runs of composed.tftest.hcl.

terraform {
  required_version = ">= 1.11.0"
}

output "sites" {
  description = "By its name: the arguments of the module, and the behaviours that come of them."
  value       = jsondecode(file("${path.module}/../../property/access-rules/composed.json"))
}
