terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"
    }
  }

  # Each stage has a state of its own: terraform init -reconfigure -backend-config=dev.s3.tfbackend
  backend "s3" {}
}
