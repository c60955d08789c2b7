terraform {
  required_version = ">= 1.11.0"

  required_providers {
    # No upper bound: a module must not hold its callers back. The region argument of 6.x stays unused while 5.100 is
    # supported.
    aws = {
      source                = "hashicorp/aws"
      version               = ">= 5.100.0"
      configuration_aliases = [aws.us_east_1]
    }
  }
}
